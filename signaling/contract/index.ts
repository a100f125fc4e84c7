export * from './pushes.ts';
export * from './requests.ts';
export * from './wire.ts';
