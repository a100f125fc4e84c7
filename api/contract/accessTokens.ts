import * as z from 'zod';
import { Instant, RecordId, tokenScopes } from '#engine/contract';
import type { TokenScope } from '#engine/contract';
import { maxAccessTokenDays, maxAccessTokenNameLength } from './limits.ts';
import { nothing, route } from './route.ts';
import { typedLine } from './text.ts';

export const TokenScopeName = z.enum(tokenScopes as [TokenScope, ...TokenScope[]]);

/** A token that a person has made for a program. */
export const AccessToken = z.object({
  id: RecordId,
  name: z.string(),
  scopes: z.array(TokenScopeName),
  hint: z.string().describe('How the token begins.'),
  createdAt: Instant,
  expiresAt: Instant,
  lastUsedAt: Instant.nullable().describe('To the minute; null if it was never used.'),
});
export type AccessToken = z.infer<typeof AccessToken>;

const NewAccessToken = z.object({
  name: typedLine({ max: maxAccessTokenNameLength, empty: 'Say what the token is for.' }),
  scopes: z.array(TokenScopeName).min(1, 'At least one scope.').max(tokenScopes.length),
  lifetimeDays: z.number().int().min(1, 'At least a day.').max(maxAccessTokenDays, `At most ${maxAccessTokenDays} days.`).default(90),
});

const tokens = '/api/v1/users/tokens';

export const accessTokenRoutes = {
  listAccessTokens: route({
    method: 'GET',
    path: tokens,
    response: z.object({ accessTokens: z.array(AccessToken).describe('Newest first.') }),
    auth: 'user',
    summary: 'List your access tokens.',
  }),
  createAccessToken: route({
    method: 'POST',
    path: tokens,
    body: NewAccessToken,
    response: z.object({ token: z.string().describe('For `Authorization: Bearer`. It is shown once; only its hash is stored.'), accessToken: AccessToken }),
    status: 201,
    auth: 'user',
    summary: 'Make an access token for a program. It may do what its scopes say, as far as you may. Deactivating the account or changing the password revokes it.',
  }),
  revokeAccessToken: route({
    method: 'DELETE',
    path: `${tokens}/:tokenId`,
    params: z.object({ tokenId: RecordId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Revoke an access token, and at once the rooms and media that were opened with it.',
  }),
};
