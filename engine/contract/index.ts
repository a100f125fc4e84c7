export * from './errors.ts';
export * from './events.ts';
export * from './ids.ts';
export * from './ingestHealth.ts';
export * from './lecture.ts';
export * from './permissions.ts';
export * from './rtp.ts';
export * from './tokens.ts';
