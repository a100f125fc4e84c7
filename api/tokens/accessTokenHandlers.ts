import type { Handlers } from '../access/index.ts';
import type { accessTokenRoutes } from '../contract/index.ts';
import type { AccessTokenRow } from './AccessTokenStore.ts';
import type { AccessTokens } from './AccessTokens.ts';

export function accessTokenHandlers({ accessTokens }: { accessTokens: AccessTokens }): Handlers<keyof typeof accessTokenRoutes> {
  return {
    listAccessTokens: async ({ caller }) => ({ accessTokens: (await accessTokens.list(caller.userId)).map(view) }),
    createAccessToken: async ({ body, caller, client }) => {
      const { token, row } = await accessTokens.create(caller.userId, body, client);
      return { token, accessToken: view(row) };
    },
    revokeAccessToken: async ({ params, caller }) => {
      await accessTokens.revoke(caller.userId, params.tokenId);
      return null;
    },
  };
}

function view({ _id, name, scopes, hint, createdAt, expiresAt, lastUsedAt }: AccessTokenRow) {
  return { id: _id, name, scopes, hint, createdAt, expiresAt, lastUsedAt };
}
