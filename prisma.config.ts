/** Where Prisma finds schema and migrations. Migrations are applied by the hub itself at start (packages/store). */
import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
