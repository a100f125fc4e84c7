import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { PasskeyAssertion, PasskeyRegistration } from '../contract/index.ts';

/** What the pages pass on from the options of the server. */
interface Ceremony {
  options: Record<string, unknown>;
  origin: string;
}

const userPresent = 0x01;
const userVerified = 0x04;
const attestedCredential = 0x40;

/** An authenticator with one resident ES256 credential, and the browser in front of it: Web Authentication Level 3 §6. */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(32).toString('base64url');
  readonly #privateKey: KeyObject;
  readonly #publicJwk: { x?: string; y?: string };
  /** Without it, the authenticator has only noticed somebody. */
  isUserVerified = true;
  counter = 0;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = privateKey;
    this.#publicJwk = publicKey.export({ format: 'jwk' });
  }

  register(ceremony: Ceremony): PasskeyRegistration {
    const id = Buffer.from(this.credentialId, 'base64url');
    const length = Buffer.from([id.length >> 8, id.length & 0xff]);
    // The AAGUID of an authenticator that does not say what it is: zeros.
    const authData = Buffer.concat([this.#authData(ceremony, attestedCredential), Buffer.alloc(16), length, id, this.#coseKey()]);
    const attestation = cborMap([[cborText('fmt'), cborText('none')], [cborText('attStmt'), Buffer.from([0xa0])], [cborText('authData'), cborBytes(authData)]]);
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key',
      response: { clientDataJSON: clientData('webauthn.create', ceremony).toString('base64url'), attestationObject: attestation.toString('base64url'), transports: ['internal'] },
    };
  }

  assert(ceremony: Ceremony): PasskeyAssertion {
    this.counter += 1;
    const authenticatorData = this.#authData(ceremony, 0);
    const client = clientData('webauthn.get', ceremony);
    const signature = sign('sha256', Buffer.concat([authenticatorData, createHash('sha256').update(client).digest()]), this.#privateKey);
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key',
      response: { clientDataJSON: client.toString('base64url'), authenticatorData: authenticatorData.toString('base64url'), signature: signature.toString('base64url') },
    };
  }

  #authData({ origin }: Ceremony, more: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const flags = userPresent | (this.isUserVerified ? userVerified : 0) | more;
    return Buffer.concat([createHash('sha256').update(new URL(origin).hostname).digest(), Buffer.from([flags]), counter]);
  }

  /** RFC 9053 §7.1: kty EC2, alg ES256, crv P-256, x, y. */
  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#publicJwk;
    return cborMap([
      [Buffer.from([0x01]), Buffer.from([0x02])],
      [Buffer.from([0x03]), Buffer.from([0x26])],
      [Buffer.from([0x20]), Buffer.from([0x01])],
      [Buffer.from([0x21]), cborBytes(Buffer.from(x, 'base64url'))],
      [Buffer.from([0x22]), cborBytes(Buffer.from(y, 'base64url'))],
    ]);
  }
}

function clientData(type: string, { options, origin }: Ceremony): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge: options.challenge, origin, crossOrigin: false }));
}

function cborMap(entries: readonly [Buffer, Buffer][]): Buffer {
  return Buffer.concat([Buffer.from([0xa0 | entries.length]), ...entries.flat()]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 | text.length]), Buffer.from(text)]);
}

function cborBytes(bytes: Buffer): Buffer {
  // RFC 8949 §4.2.1: the shortest length that fits.
  const head = bytes.length < 0x100 ? [0x58, bytes.length] : [0x59, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}
