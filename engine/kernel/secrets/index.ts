export { Secrets } from './Secrets.ts';
export type { SecretsOptions } from './Secrets.ts';
export { SharedSecret } from './SharedSecret.ts';
export type { SharedSecretOptions } from './SharedSecret.ts';
export type { SecretVersion } from './SecretStore.ts';
export { createSealer } from './Sealer.ts';
export type { Sealer } from './Sealer.ts';
