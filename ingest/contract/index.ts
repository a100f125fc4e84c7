export * from './streamKeys.ts';
