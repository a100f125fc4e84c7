import { CodedError } from '#engine/contract';
import type { TokenSigner } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { operationRoutes } from '../contract/index.ts';
import { openApiDocument } from './openApiDocument.ts';

export interface OperationHandlersOptions {
  tokens: TokenSigner;
  /** Fails with a CodedError while a part that the server needs is unavailable. */
  checkReadiness: () => Promise<void>;
  isStopping: () => boolean;
}

export function operationHandlers({ tokens, checkReadiness, isStopping }: OperationHandlersOptions): Handlers<keyof typeof operationRoutes> {
  const document = openApiDocument();
  return {
    getLiveness: async () => ({ status: 'ok' }),
    getReadiness: async () => {
      if (isStopping()) throw new CodedError('server.stopping', 'The server is stopping.');
      await checkReadiness();
      return { status: 'ok' };
    },
    getJwks: async () => ({ keys: tokens.jwks().keys.map((key) => ({ ...key })) }),
    getOpenApi: async () => document,
  };
}
