/** Connections to Redis or Valkey, single or a cluster, that come back by themselves. */
import { Cluster, Redis } from 'ioredis';

export interface RedisConnectionOptions {
  maxRetriesPerRequest: number | null;
  enableOfflineQueue: boolean;
  /** Milliseconds a command may take; without it, for ever. */
  commandTimeout?: number;
}

/** @param url comma-separated list = cluster */
export function connectRedis(url: string, options: RedisConnectionOptions): Redis | Cluster {
  const retry = { connectTimeout: 3_000, retryStrategy: (times: number) => Math.min(100 * 2 ** Math.min(times, 5), 2_000) };
  const urls = url.split(',').map((each) => each.trim());
  const connection =
    urls.length > 1
      ? new Cluster(urls, {
          enableOfflineQueue: options.enableOfflineQueue,
          redisOptions: {
            ...retry,
            maxRetriesPerRequest: options.maxRetriesPerRequest,
            ...(options.commandTimeout === undefined ? {} : { commandTimeout: options.commandTimeout }),
          },
        })
      : new Redis(urls[0] ?? url, { ...retry, ...options });
  connection.on('error', () => undefined);
  return connection;
}
