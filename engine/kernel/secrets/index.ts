export { Secrets } from './Secrets.ts';
export type { Sealer, SecretsOptions } from './Secrets.ts';
export { SharedSecret } from './SharedSecret.ts';
export type { SharedSecretOptions } from './SharedSecret.ts';
export type { SecretVersion } from './SecretStore.ts';
