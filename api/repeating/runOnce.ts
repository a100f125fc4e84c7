import type { Caller } from '../access/index.ts';
import type { RouteName, RouteSpec } from '../contract/index.ts';
import { RequestError } from '../http/RequestError.ts';
import type { IdempotentRequests, KeptAnswer, KeyedRequest } from './IdempotentRequests.ts';

/** A UUID of any version (draft-ietf-httpapi-idempotency-key-header-07 §2.1 recommends one). */
const keyPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

interface Request {
  originalUrl: string;
  body?: unknown;
  get(name: string): string | undefined;
}

/** The key of a creating request; undefined for all other requests. @throws CodedError `request.invalid` */
export function keyedRequest(request: Request, { name, spec, caller }: { name: RouteName; spec: RouteSpec; caller: Caller | undefined }): KeyedRequest | undefined {
  const given = request.get('idempotency-key');
  if (given === undefined || spec.method !== 'POST' || spec.upload || !caller) return undefined;
  // As a structured field it is a string in quotation marks.
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given;
  if (!keyPattern.test(key)) throw new RequestError([{ path: 'Idempotency-Key', message: 'Send a UUID.' }]);
  return { callerId: caller.userId, route: name, key, content: JSON.stringify([request.originalUrl, request.body ?? null]) };
}

/** Runs the request and keeps its answer, or returns the one that was kept. @throws CodedError `idempotency.mismatch`, `idempotency.running` */
export async function runOnce(requests: IdempotentRequests, keyed: KeyedRequest, run: () => Promise<KeptAnswer>): Promise<KeptAnswer & { isReplayed: boolean }> {
  const kept = await requests.begin(keyed);
  if (kept) return { ...kept, isReplayed: true };
  let answer: KeptAnswer;
  try {
    answer = await run();
  } catch (error) {
    await requests.forget(keyed);
    throw error;
  }
  await requests.keep(keyed, answer);
  return { ...answer, isReplayed: false };
}
