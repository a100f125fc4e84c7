export * from './limits.ts';
export * from './pushes.ts';
export * from './requestAccess.ts';
export * from './requests.ts';
export * from './wire.ts';
