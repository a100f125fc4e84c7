import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { grantsOf, rolesAfter } from './grants.ts';
import { ProvidersSetting } from './providerConfig.ts';
import { readClaims } from './ProviderClaims.ts';

describe('the mappings of a provider', () => {
  const roles = { claim: 'groups', values: { staff: 'instructor', it: 'admin' } } as const;

  it.each([
    [['staff', 'it', 'staff'], ['instructor', 'admin']],
    ['staff', ['instructor']],
    [undefined, []],
    [{ staff: true }, []],
    [[7, null, 'constructor', '__proto__'], []],
  ])('read the claim %j', (groups, granted) => {
    expect(grantsOf({ roles }, { groups }).roles).toEqual(granted);
  });

  it('take back a role only when the claims had granted it', () => {
    expect(rolesAfter({ current: ['student', 'instructor'], grantedBefore: ['instructor'], granted: [] })).toEqual(['student']);
    expect(rolesAfter({ current: ['instructor'], grantedBefore: [], granted: [] })).toEqual(['instructor']);
    expect(rolesAfter({ current: ['instructor'], grantedBefore: ['instructor'], granted: [] })).toEqual(['student']);
  });
});

describe('the claims', () => {
  const read = (claims: object) => readClaims({ sub: 's', ...claims }, 'https://id.example.org');

  it('give the name that a person is known by', () => {
    expect(read({ name: 'Eve\u202e Example\n' }).displayName).toBe('Eve Example');
    expect(read({ given_name: 'Eve', family_name: 'Example' }).displayName).toBe('Eve Example');
    expect(read({ name: ' ', preferred_username: 'eve' }).displayName).toBe('eve');
    expect(read({ email: 'eve@example.org' }).displayName).toBe('eve');
    expect(read({ name: 'x'.repeat(500) }).displayName).toHaveLength(80);
    expect(read({}).displayName).toBe('Student');
  });

  it('give no address that only looks like one', () => {
    for (const email of ['eve@exаmple.org', 'eve', { $ne: null }, ['eve@example.org']]) expect(read({ email, email_verified: true })).toMatchObject({ email: null, isEmailVerified: false });
  });
});

describe('the setting of the providers', () => {
  const setting = z.object({ it: ProvidersSetting });
  const provider = { id: 'campus', name: 'Campus', issuer: 'https://id.example.org', clientId: 'lectern', clientSecret: 'a secret' };
  const problem = (value: unknown) => setting.safeParse({ it: typeof value === 'string' ? value : JSON.stringify(value) }).error?.issues.map(({ message }) => message).join('\n') ?? '';

  it('is a list of providers', () => {
    expect(setting.parse({ it: JSON.stringify([provider]) }).it).toMatchObject([{ id: 'campus', scope: 'openid email profile', createsAccounts: true }]);
    expect(setting.parse({}).it).toEqual([]);
  });

  it('names what is wrong, and no value', () => {
    expect(problem('{a secret')).toMatch(/^must be a JSON list of providers/);
    expect(problem([{ ...provider, issuer: 'http://id.example.org' }])).toBe('must be a JSON list of providers: 0: issuer: must begin with https://');
    expect(problem([provider, provider])).toContain('each provider needs an id of its own');
    expect(problem([{ ...provider, scope: 'email' }])).toContain('scope: must contain openid');
    for (const wrong of [{ ...provider, 'a secret': 1 }, { ...provider, clientSecret: ['a secret'] }, { ...provider, roles: { claim: 'g', values: { x: 'a secret' } } }]) {
      expect(problem([wrong])).not.toBe('');
      expect(problem([wrong])).not.toContain('a secret');
    }
  });
});
