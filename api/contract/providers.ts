import * as z from 'zod';
import { RecordId } from '#engine/contract';
import { SignedIn } from './accounts.ts';
import { nothing, route } from './route.ts';
import { LinkedIdentity, StepToken } from './security.ts';

export const ProviderId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'has lower-case letters, digits and hyphens');
export type ProviderId = z.infer<typeof ProviderId>;

/** A site with which people sign in here (an OpenID Connect provider). */
export const SignInProvider = z.object({ id: ProviderId, name: z.string() });
export type SignInProvider = z.infer<typeof SignInProvider>;

const ProviderParams = z.object({ providerId: ProviderId });
/** The parameters of an authorization response (OpenID Connect Core §3.1.2.5), as the provider has added them to the URL of the page. */
const AuthorizationResponse = z.record(z.string().max(100), z.string().max(4096)).refine((parameters) => Object.keys(parameters).length <= 20, 'At most 20 parameters.');
const ProviderStart = z.object({ url: z.string().describe('Where the browser goes next.'), token: StepToken });
const ProviderAnswer = z.object({ token: StepToken, parameters: AuthorizationResponse });

export const providerRoutes = {
  listProviders: route({
    method: 'GET',
    path: '/api/v1/auth/providers',
    response: z.object({ providers: z.array(SignInProvider) }),
    auth: 'none',
    summary: 'List the other sites with which people sign in here.',
  }),
  startProviderLogin: route({
    method: 'POST',
    path: '/api/v1/auth/providers/:providerId/start',
    params: ProviderParams,
    response: ProviderStart,
    auth: 'none',
    summary: 'Begin to sign in with a provider. Keep the token in the browser; the provider returns to `/sign-in/<provider>`.',
  }),
  finishProviderLogin: route({
    method: 'POST',
    path: '/api/v1/auth/providers/:providerId/finish',
    params: ProviderParams,
    body: ProviderAnswer,
    response: SignedIn.extend({
      isPasswordRemoved: z.boolean().describe('The account had this address without having proved it. What its creator had set up to sign in is gone.'),
    }),
    auth: 'none',
    summary: 'Log in with the answer of a provider. Creates an account for a new, verified email address.',
  }),
  startLink: route({
    method: 'POST',
    path: '/api/v1/users/identities/:providerId/start',
    params: ProviderParams,
    response: ProviderStart,
    auth: 'user',
    summary: 'Begin to link your account with one at a provider.',
  }),
  finishLink: route({
    method: 'POST',
    path: '/api/v1/users/identities/:providerId/finish',
    params: ProviderParams,
    body: ProviderAnswer,
    response: LinkedIdentity,
    status: 201,
    auth: 'user',
    summary: 'Link your account with the answer of a provider.',
  }),
  unlinkIdentity: route({
    method: 'DELETE',
    path: '/api/v1/users/identities/:identityId',
    params: z.object({ identityId: RecordId }),
    response: nothing,
    status: 204,
    auth: 'user',
    summary: 'Unlink an account at a provider, unless it is the last way to sign in.',
  }),
};
