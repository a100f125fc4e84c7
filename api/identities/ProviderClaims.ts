import * as z from 'zod';
import { cleanLine } from '#engine/contract';
import { DisplayName, Email, maxDisplayNameLength } from '../contract/index.ts';

/** What a provider says about a person: OpenID Connect Core §5.1. */
export interface ProviderClaims {
  issuer: string;
  subject: string;
  /** As the contract of accounts writes it; null when there is none that is valid. */
  email: string | null;
  isEmailVerified: boolean;
  displayName: string;
  /** Every claim, for the mappings of the provider. */
  all: Readonly<Record<string, unknown>>;
}

/** OpenID Connect Core §2: a subject has at most 255 ASCII characters. */
const Subject = z.string().min(1).max(255);

export function readClaims(all: Readonly<Record<string, unknown>>, issuer: string): ProviderClaims {
  const email = Email.safeParse(all.email).data ?? null;
  // A text such as "true" is no statement of the provider that can be relied on.
  return { issuer, subject: Subject.parse(all.sub), email, isEmailVerified: email !== null && all.email_verified === true, displayName: nameIn(all, email), all };
}

/** The values of a claim that is a text, a list of texts, or missing. */
export function valuesOf(all: Readonly<Record<string, unknown>>, claim: string): string[] {
  const value = all[claim];
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter((each) => typeof each === 'string');
}

function nameIn({ name, given_name: given, family_name: family, preferred_username: username }: Readonly<Record<string, unknown>>, email: string | null): string {
  const full = [given, family].filter((part) => typeof part === 'string').join(' ');
  const candidates = [name, full, username, email?.split('@')[0]];
  const names = candidates.flatMap((candidate) => (typeof candidate === 'string' ? DisplayName.safeParse(cleanLine(candidate).slice(0, maxDisplayNameLength)).data ?? [] : []));
  return names[0] ?? 'Student';
}
