import type { CORSRule } from '@aws-sdk/client-s3';
import { s3CorsMaxAgeSeconds } from '../limits.ts';

const id = 'lectern';

/** Allows pages of this origin to read objects by signed URLs. */
export function corsRuleFor(origin: string): CORSRule {
  return {
    ID: id,
    AllowedOrigins: [origin],
    AllowedMethods: ['GET', 'HEAD'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag', 'Content-Length', 'Content-Range', 'Accept-Ranges'],
    MaxAgeSeconds: s3CorsMaxAgeSeconds,
  };
}

/** The rules of the bucket with this one in place of an earlier one of Lectern; undefined where it is among them already. */
export function withCorsRule(rules: readonly CORSRule[], rule: CORSRule): CORSRule[] | undefined {
  if (rules.some((one) => textOf(one) === textOf(rule))) return undefined;
  return [...rules.filter(({ ID }) => ID !== id), rule];
}

/** Some servers do not keep the id, and order lists as they like. */
function textOf({ AllowedOrigins = [], AllowedMethods = [], AllowedHeaders = [], ExposeHeaders = [], MaxAgeSeconds }: CORSRule): string {
  const lists = [AllowedOrigins, AllowedMethods, AllowedHeaders, ExposeHeaders].map((list) => [...list].sort());
  return JSON.stringify([lists, MaxAgeSeconds]);
}
