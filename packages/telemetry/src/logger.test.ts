import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function set(level = 'info') {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ level, role: 'hub', destination: { write: (line: string) => void lines.push(JSON.parse(line)) } });
  return { lines, logger };
}

describe('the logger', () => {
  it('writes one JSON line with role, level and time', () => {
    const { lines, logger } = set();
    logger.info({ messageId: 'm' }, 'accepted');
    expect(lines).toEqual([
      { level: 'info', role: 'hub', messageId: 'm', msg: 'accepted', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
    ]);
  });

  it('says nothing below its level, and passes on what children know', () => {
    const { lines, logger } = set('warn');
    const child = logger.child({ spoke: 'erp' });
    child.debug({}, 'no');
    child.info({}, 'no');
    child.warn({ a: 1 }, 'yes');
    child.error({}, 'yes');
    expect(lines).toMatchObject([{ level: 'warn', spoke: 'erp', a: 1 }, { level: 'error' }]);
  });

  it.each(['authorization', 'cookie', 'password', 'secret', 'token', 'credentials', 'apiKey', 'key'])(
    'redacts %s wherever it stands',
    (name) => {
      const { lines, logger } = set();
      logger.info({ [name]: 'hush', one: { [name]: 'hush' }, two: { deep: { [name]: 'hush' } } }, 'x');
      logger.child({ [name]: 'hush' }).info({}, 'x');
      expect(JSON.stringify(lines)).not.toContain('hush');
      expect(lines[0]).toMatchObject({ [name]: '[redacted]' });
    },
  );
});
