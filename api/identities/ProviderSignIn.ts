// Responsible for accounts that sign in at a provider: which account an identity belongs to, and what its claims grant there.
import * as z from 'zod';
import { CodedError, isCoded, UserId } from '#engine/contract';
import type { CourseId, SiteRole } from '#engine/contract';
import { toInstant } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import type { Caller, Client, OneTimeTokens, TokenKind } from '../access/index.ts';
import type { Accounts } from '../accounts/Accounts.ts';
import type { AccountRow, AccountStore } from '../accounts/AccountStore.ts';
import { accountDeactivated, isShutOut, userIdOf } from '../accounts/AccountStore.ts';
import type { Logins } from '../accounts/Logins.ts';
import type { AuditLog, AuditRecord } from '../audit/index.ts';
import type { CalendarFeedStore } from '../calendar/CalendarFeedStore.ts';
import type { FactorStore } from '../factors/FactorStore.ts';
import { stepTokenMs } from '../limits.ts';
import { grantsOf, rolesAfter } from './grants.ts';
import type { CourseGrant } from './grants.ts';
import type { IdentityRow, IdentityStore } from './IdentityStore.ts';
import type { OidcProvider } from './OidcProvider.ts';
import type { ProviderClaims } from './ProviderClaims.ts';

const checks = z.object({ state: z.string(), nonce: z.string(), codeVerifier: z.string() });
const departure = z.object({ providerId: z.string(), redirectUri: z.string(), checks });
const loginDeparture = { purpose: 'provider login', data: departure, lifetimeMs: stepTokenMs } satisfies TokenKind<z.ZodType>;
const linkDeparture = { purpose: 'provider link', data: departure.extend({ userId: UserId }), lifetimeMs: stepTokenMs } satisfies TokenKind<z.ZodType>;

export interface ProviderAnswer {
  token: string;
  parameters: Readonly<Record<string, string>>;
}

export interface ProviderSignInOptions {
  providers: ReadonlyMap<string, OidcProvider>;
  identities: IdentityStore;
  accounts: Accounts;
  accountStore: AccountStore;
  logins: Logins;
  factors: FactorStore;
  feeds: Pick<CalendarFeedStore, 'removeAll'>;
  tokens: OneTimeTokens;
  /** The role of a new account. @throws CodedError `access.denied` when the site's sign-up refuses the address, `site.maintenance` */
  newAccountRole: (email: string, options: { isSignupRequired: boolean }) => SiteRole;
  /** False for a person who is in the course. */
  enrol: (grant: CourseGrant, userId: UserId) => Promise<boolean>;
  audit: AuditLog;
  onVerified: (userId: UserId) => Promise<void>;
  clock: Clock;
  logger: Logger;
}

export class ProviderSignIn {
  readonly #options: ProviderSignInOptions;

  constructor(options: ProviderSignInOptions) {
    this.#options = options;
  }

  /** @throws CodedError `provider.notFound`, `provider.unavailable` */
  async startLogin(providerId: string, client: Client): Promise<{ url: string; token: string }> {
    const { url, departure } = await this.#depart(providerId, client);
    return { url, token: this.#options.tokens.issue(loginDeparture, departure).token };
  }

  /** @throws CodedError `provider.notFound`, `provider.unavailable` */
  async startLink(providerId: string, client: Client, { userId }: Caller): Promise<{ url: string; token: string }> {
    const { url, departure } = await this.#depart(providerId, client);
    return { url, token: this.#options.tokens.issue(linkDeparture, { ...departure, userId }).token };
  }

  /**
   * The account of the person who has signed in at the provider: the one that is linked, the one with the same verified address, or
   * a new one. @throws CodedError `challenge.invalid`, `identity.rejected`, `identity.unverified`, `provider.refused`,
   * `provider.unavailable`, `account.deactivated`, `access.denied`
   */
  async finishLogin(providerId: string, answer: ProviderAnswer): Promise<{ account: AccountRow; isPasswordRemoved: boolean }> {
    const departure = await this.#options.tokens.redeem(loginDeparture, answer.token);
    const provider = this.#returned(providerId, departure);
    const claims = await provider.claimsOf({ ...departure, parameters: answer.parameters });
    const { identity, isPasswordRemoved } = await this.#identityOf(provider, claims);
    const account = await this.#options.accountStore.get(UserId.parse(identity.userId));
    if (isShutOut(account, this.#now())) throw accountDeactivated();
    return { account: await this.#grant(provider, { identity, account, claims }), isPasswordRemoved };
  }

  /** @throws CodedError `challenge.invalid`, `identity.rejected`, `identity.exists`, `provider.refused`, `provider.unavailable` */
  async finishLink(providerId: string, answer: ProviderAnswer, { userId }: Caller): Promise<IdentityRow> {
    const departure = await this.#options.tokens.redeem(linkDeparture, answer.token);
    if (departure.userId !== userId) throw new CodedError('challenge.invalid', 'This step belongs to another account. Start again.');
    const provider = this.#returned(providerId, departure);
    const claims = await provider.claimsOf({ ...departure, parameters: answer.parameters });
    const known = await this.#options.identities.find(claims.issuer, claims.subject);
    if (known?.userId === userId) return known;
    const identity = await this.#link(userId, claims);
    const account = await this.#options.accountStore.get(userId);
    await this.#grant(provider, { identity, account, claims });
    return identity;
  }

  async #depart(providerId: string, { origin }: Client): Promise<{ url: string; departure: z.infer<typeof departure> }> {
    const redirectUri = `${origin}/sign-in/${providerId}`;
    const { url, checks } = await this.#provider(providerId).authorizationUrl(redirectUri);
    return { url, departure: { providerId, redirectUri, checks } };
  }

  #provider(providerId: string): OidcProvider {
    const provider = this.#options.providers.get(providerId);
    if (!provider) throw new CodedError('provider.notFound', 'This way to sign in no longer exists. Reload the page.');
    return provider;
  }

  /** An answer of one provider must not be used at another (RFC 9700 §4.4.2). */
  #returned(providerId: string, departure: { providerId: string }): OidcProvider {
    if (departure.providerId !== providerId) throw new CodedError('identity.rejected', 'The answer of the sign-in provider was not valid. Start again.');
    return this.#provider(providerId);
  }

  async #identityOf(provider: OidcProvider, claims: ProviderClaims): Promise<{ identity: IdentityRow; isPasswordRemoved: boolean }> {
    const { identities, accountStore } = this.#options;
    const known = await identities.find(claims.issuer, claims.subject);
    if (known) return { identity: known, isPasswordRemoved: false };
    if (claims.email === null || !claims.isEmailVerified) throw unverified(provider.config.name);
    const existing = await accountStore.findByEmail(claims.email);
    if (!existing) return { identity: await this.#signUp(provider, claims, claims.email), isPasswordRemoved: false };
    if (isShutOut(existing, this.#now())) throw accountDeactivated();
    const isPasswordRemoved = !isProved(existing) && (await this.#takeOver(existing));
    return { identity: await this.#linkOnce(userIdOf(existing), claims), isPasswordRemoved };
  }

  async #signUp(provider: OidcProvider, claims: ProviderClaims, email: string): Promise<IdentityRow> {
    const { accounts, accountStore, newAccountRole } = this.#options;
    const { createsAccounts } = provider.config;
    if (createsAccounts === false) throw new CodedError('access.denied', 'There is no account here for your address. Ask an administrator for one.');
    try {
      const account = await accounts.createWithoutPassword({ email, displayName: claims.displayName }, [newAccountRole(email, { isSignupRequired: createsAccounts !== 'always' })]);
      return await this.#linkOnce(userIdOf(account), claims);
    } catch (error) {
      // The same person in another tab.
      const existing = isCoded(error, 'account.exists') ? await accountStore.findByEmail(email) : undefined;
      if (!existing || !isProved(existing)) throw error;
      return this.#linkOnce(userIdOf(existing), claims);
    }
  }

  /**
   * Whoever created this account has not shown that the address is theirs; the person who comes from the provider has. So that nobody
   * waits in an account that was prepared for somebody else, all earlier ways to sign in and all calendar feeds are removed. True if there was a password.
   */
  async #takeOver(account: AccountRow): Promise<boolean> {
    const { accountStore, factors, feeds, identities, logins, logger } = this.#options;
    const userId = userIdOf(account);
    await accountStore.update(userId, { passwordHash: null });
    await factors.removeAll(userId);
    await identities.removeAllOf(userId);
    await feeds.removeAll(userId);
    await logins.endAll(userId);
    await accountStore.update(userId, { emailVerifiedAt: this.#now() });
    logger.warn({ userId }, 'account.takenOverByVerifiedEmail');
    return account.passwordHash !== null;
  }

  /** Links, unless the same person was linked to the same account at this moment. */
  async #linkOnce(userId: UserId, claims: ProviderClaims): Promise<IdentityRow> {
    try {
      return await this.#link(userId, claims);
    } catch (error) {
      const known = isCoded(error, 'identity.exists') ? await this.#options.identities.find(claims.issuer, claims.subject) : undefined;
      if (known?.userId !== userId) throw error;
      return known;
    }
  }

  async #link(userId: UserId, { issuer, subject, email }: ProviderClaims): Promise<IdentityRow> {
    const { identities, logger } = this.#options;
    const identity = await identities.add({ issuer, subject, userId, email, linkedAt: this.#now(), lastUsedAt: null, grantedRoles: [] });
    logger.info({ userId, identityId: identity._id, issuer }, 'identity.linked');
    return identity;
  }

  /** Applies the claims to the account. What fails there does not keep the person out. */
  async #grant(provider: OidcProvider, { identity, account, claims }: { identity: IdentityRow; account: AccountRow; claims: ProviderClaims }): Promise<AccountRow> {
    const { accounts, accountStore, identities, onVerified, logger } = this.#options;
    const userId = userIdOf(account);
    const now = this.#now();
    const granted = grantsOf(provider.config, claims.all);
    for (const grant of granted.courses) {
      await this.#enrol(provider, grant, userId).catch((err: unknown) => logger.warn({ userId, courseId: grant.courseId satisfies CourseId, err }, 'identity.courseNotGranted'));
    }
    const provesAddress = claims.isEmailVerified && claims.email === account.email && !isProved(account);
    const current = provesAddress ? await accountStore.update(userId, { emailVerifiedAt: now }) : account;
    const roles = rolesAfter({ current: current.roles, grantedBefore: identity.grantedRoles, granted: granted.roles });
    // Until the roles are changed, both count as granted: a process that dies in between leaves none that nobody takes back.
    const grantedRoles = [...new Set([...identity.grantedRoles, ...granted.roles])];
    if (!isSame(roles, current.roles)) await identities.update(identity._id, { grantedRoles });
    const changed = isSame(roles, current.roles) ? current : await accounts.setRoles(userId, roles, userId).catch((err: unknown) => {
      logger.warn({ userId, roles, err }, 'identity.rolesNotGranted');
      return undefined;
    });
    if (changed && changed !== current) await this.#record(provider, userId, { action: 'user.rolesChanged', courseId: null, changes: { rolesBefore: current.roles, roles: changed.roles } });
    if (claims.isEmailVerified) await onVerified(userId).catch((err: unknown) => logger.warn({ userId, err }, 'identity.admissionsNotClaimed'));
    await identities.update(identity._id, { email: claims.email, lastUsedAt: now, grantedRoles: changed ? granted.roles : grantedRoles });
    return changed ?? current;
  }

  async #enrol(provider: OidcProvider, { courseId, role }: CourseGrant, userId: UserId): Promise<void> {
    if (await this.#options.enrol({ courseId, role }, userId)) await this.#record(provider, userId, { action: 'enrolment.roleChanged', courseId, changes: { role } });
  }

  /** The person has signed in, and the provider has decided. */
  #record({ config }: OidcProvider, userId: UserId, { changes, ...done }: Pick<AuditRecord, 'action' | 'courseId' | 'changes'>): Promise<void> {
    return this.#options.audit.record({ ...done, actorId: userId, target: { kind: 'user', id: userId }, requestId: '', addressGroup: '', changes: { ...changes, provider: config.id } });
  }

  #now(): string {
    return toInstant(this.#options.clock.nowMs());
  }
}

/** The owner has shown that the address is theirs. */
function isProved({ emailVerifiedAt }: AccountRow): boolean {
  return typeof emailVerifiedAt === 'string';
}

function isSame(one: readonly SiteRole[], other: readonly SiteRole[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role));
}

function unverified(name: string): CodedError {
  return new CodedError('identity.unverified', `${name} has not verified your email address. Verify it there, then try again, or sign in another way.`);
}
