import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { maxPasswordHashes, maxWaitingPasswordHashes } from '../limits.ts';
import { boundedQueue } from './boundedQueue.ts';

const argon2Async = promisify(argon2);

/** Of an Argon2id hash. */
export interface PasswordCost {
  memoryKib: number;
  passes: number;
  parallelism: number;
}

/** The OWASP Password Storage Cheat Sheet's first choice for Argon2id: 19 MiB, 2 passes, 1 lane. About 35 ms here. */
const productionCost: PasswordCost = { memoryKib: 19_456, passes: 2, parallelism: 1 };
const saltBytes = 16;
const hashBytes = 32;
/** RFC 9106 §3.1: version number 0x13. */
const version = 19;

/** Media has a core of its own where there are two, however many log in. */
export function derivationsAtOnce(cores: number): number {
  return Math.max(1, Math.min(maxPasswordHashes, cores - 1));
}

const atOnce = derivationsAtOnce(availableParallelism());
const inTurn = boundedQueue({ atOnce, maxWaiting: maxWaitingPasswordHashes * atOnce });

function derive(password: string, salt: Uint8Array, by: PasswordCost): Promise<Buffer> {
  const message = password.normalize('NFKC');
  return inTurn(() => argon2Async('argon2id', { message, nonce: salt, tagLength: hashBytes, memory: by.memoryKib, passes: by.passes, parallelism: by.parallelism }));
}

/** The PHC string of the password: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string, cost = productionCost): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, cost);
  return `$argon2id$v=${version}$m=${cost.memoryKib},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** Takes as long for a wrong password as for a right one, and for no account (`undefined`) as for one. */
export async function verifyPassword(password: string, stored: string | undefined, cost = productionCost): Promise<boolean> {
  const known = stored === undefined ? undefined : parse(stored);
  const { salt, hash, by } = known ?? { salt: Buffer.alloc(saltBytes), hash: Buffer.alloc(hashBytes), by: cost };
  const isSame = timingSafeEqual(await derive(password, salt, by), hash);
  return isSame && known !== undefined;
}

function parse(stored: string): { salt: Buffer; hash: Buffer; by: PasswordCost } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{43})$/.exec(stored);
  if (!match) throw new Error('a stored password hash is not an Argon2id PHC string');
  const [, memoryKib, passes, parallelism, salt = '', hash = ''] = match;
  return {
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
    by: { memoryKib: Number(memoryKib), passes: Number(passes), parallelism: Number(parallelism) },
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
