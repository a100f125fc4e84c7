import type { MongoClientOptions } from 'mongodb';

export interface MongoSettings {
  /** `mongodb://…` or `mongodb+srv://…`. Its options win over the other settings. */
  url: string;
  /** Connections, at most. */
  poolSize: number;
  /** How long a call waits for a server, a connection or a response, ms. */
  timeoutMs: number;
}

/** The database that the URL names, or `lectern`. */
export function databaseName(url: string): string {
  return decodeURIComponent(/^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1] ?? 'lectern');
}

/** Options that the URL does not set. The driver retries writes if the server can: a server alone, such as FerretDB, cannot. */
export function clientOptions({ url, poolSize, timeoutMs }: MongoSettings): MongoClientOptions {
  const defaults: MongoClientOptions = {
    appName: 'lectern',
    maxPoolSize: poolSize,
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    waitQueueTimeoutMS: timeoutMs,
    socketTimeoutMS: timeoutMs,
    readConcernLevel: 'majority',
    retryReads: true,
    retryWrites: true,
  };
  const given = new Set([...new URLSearchParams(url.split('?')[1] ?? '').keys()].map((name) => name.toLowerCase()));
  const unset = Object.entries(defaults).filter(([name]) => !given.has(name.toLowerCase()));
  return { ...Object.fromEntries(unset), ignoreUndefined: true, writeConcern: { w: 'majority' } };
}
