import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { maxPasswordHashes, maxWaitingPasswordHashes } from '../limits.ts';
import { priorityQueue } from './priorityQueue.ts';
import type { Priority } from './priorityQueue.ts';

const argon2Async = promisify(argon2);

/** Of an Argon2id hash. */
export interface PasswordCost {
  memoryKib: number;
  passes: number;
  parallelism: number;
}

export interface HashOptions {
  /** Of new hashes; that of production when left out. */
  cost?: PasswordCost | undefined;
  /** Whose hash it is; `stranger` when left out. */
  priority?: Priority;
}

/** The first choice of the OWASP Password Storage Cheat Sheet for Argon2id: 19 MiB, 2 passes, 1 lane. About 35 ms on a laptop. */
const productionCost: PasswordCost = { memoryKib: 19_456, passes: 2, parallelism: 1 };
const saltBytes = 16;
const hashBytes = 32;
/** RFC 9106 §3.1: version number 0x13. */
const version = 19;

/** Leaves a core to the media, however many people log in. */
export function hashConcurrency(cores: number): number {
  return Math.max(1, Math.min(maxPasswordHashes, cores - 1));
}

const concurrency = hashConcurrency(availableParallelism());
const enqueue = priorityQueue({ concurrency, maxWaiting: maxWaitingPasswordHashes * concurrency });

function derive(password: string, salt: Uint8Array, { cost: { memoryKib, passes, parallelism }, priority }: { cost: PasswordCost; priority: Priority }): Promise<Buffer> {
  const message = password.normalize('NFKC');
  return enqueue(priority, () => argon2Async('argon2id', { message, nonce: salt, tagLength: hashBytes, memory: memoryKib, passes, parallelism }));
}

/** The PHC string of the password: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string, { cost = productionCost, priority = 'stranger' }: HashOptions = {}): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, { cost, priority });
  return `$argon2id$v=${version}$m=${cost.memoryKib},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** Takes the same time for a wrong and a right password, a missing account (`undefined`), and one without a password (`null`). */
export async function verifyPassword(password: string, stored: string | null | undefined, { cost: missingCost = productionCost, priority = 'stranger' }: HashOptions = {}): Promise<boolean> {
  const known = typeof stored === 'string' ? parse(stored) : undefined;
  const { salt, hash, cost } = known ?? { salt: Buffer.alloc(saltBytes), hash: Buffer.alloc(hashBytes), cost: missingCost };
  const isSame = timingSafeEqual(await derive(password, salt, { cost, priority }), hash);
  return isSame && known !== undefined;
}

function parse(stored: string): { salt: Buffer; hash: Buffer; cost: PasswordCost } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{43})$/.exec(stored);
  if (!match) throw new Error('a stored password hash is not an Argon2id PHC string');
  const [, memoryKib, passes, parallelism, salt = '', hash = ''] = match;
  return {
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
    cost: { memoryKib: Number(memoryKib), passes: Number(passes), parallelism: Number(parallelism) },
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
