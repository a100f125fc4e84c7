import { createSecretKey } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { DtlsClient, keyLength, ProtectionProfileAeadAes128Gcm, ProtectionProfileAes128CmHmacSha1_80, RTCDtlsTransport, saltLength, SrtcpSession, SrtpSession } from 'werift';
import type { RTCCertificate, RtpHeader } from 'werift';
import type { DtlsParameters, TransportParameters } from '#engine/contract';
import { IceClient } from './IceClient.ts';

const loopback = '127.0.0.1';
/** A keyframe's burst must fit; the system may give less. */
const receiveBufferBytes = 1024 * 1024;
const connectWithinMs = 20_000;
/** In Chromium's order. */
const srtpProfiles = [ProtectionProfileAeadAes128Gcm, ProtectionProfileAes128CmHmacSha1_80] as const;

export interface MediaTransportOptions {
  parameters: TransportParameters;
  /** Sends the fingerprint of this end to the server. */
  connectTransport: (dtlsParameters: DtlsParameters) => Promise<void>;
  /** An SRTP packet, with the time of `performance.now()`. */
  onRtp: (packet: Buffer, atMs: number) => void;
}

/** The transport of one viewer: a UDP socket with ICE, a DTLS handshake and its SRTP keys. Owns the socket. */
export class MediaTransport {
  readonly #socket: Socket;
  readonly #ice: IceClient;
  readonly #options: MediaTransportOptions;
  #dtls: DtlsClient | undefined;
  #srtp: SrtpSession | undefined;
  #srtcp: SrtcpSession | undefined;
  #isClosed = false;
  reportCount = 0;

  private constructor(socket: Socket, options: MediaTransportOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#ice = new IceClient(options.parameters.iceParameters, (bytes) => this.#send(bytes));
    socket.on('message', (bytes) => this.#receive(bytes));
    socket.on('error', () => undefined);
  }

  static async open(options: MediaTransportOptions): Promise<MediaTransport> {
    const { parameters } = options;
    const udpCandidates = parameters.iceCandidates.filter(({ protocol }) => protocol === 'udp');
    const candidate = udpCandidates.find(({ ip }) => ip === loopback) ?? udpCandidates[0];
    if (!candidate) throw new Error('the server offers no UDP candidate');
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.connect(candidate.port, candidate.ip, resolve));
    socket.setRecvBufferSize(receiveBufferBytes);
    const transport = new MediaTransport(socket, options);
    await transport.#connect().catch((err: unknown) => {
      transport.close();
      throw err;
    });
    return transport;
  }

  get consentCount(): number {
    return this.#ice.responseCount;
  }

  /** Authenticates and decrypts. @throws when the packet is not authentic */
  decrypt(packet: Buffer): Buffer {
    if (!this.#srtp) throw new Error('no keys yet');
    return this.#srtp.decrypt(packet);
  }

  sendRtp(payload: Buffer, header: RtpHeader): void {
    if (this.#srtp) this.#send(this.#srtp.encrypt(payload, header));
  }

  sendRtcp(plain: Buffer): void {
    if (this.#srtcp) this.#send(this.#srtcp.encrypt(plain));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#ice.close();
    this.#dtls?.close();
    this.#socket.close();
  }

  async #connect(): Promise<void> {
    const certificate = await RTCDtlsTransport.SetupCertificate();
    const [own] = certificate.getFingerprints();
    if (!own) throw new Error('a certificate without fingerprint');
    const dtlsParameters: DtlsParameters = { role: 'client', fingerprints: [{ algorithm: own.algorithm, value: own.value }] };
    await Promise.all([this.#options.connectTransport(dtlsParameters), this.#ice.connect()]);
    await this.#shakeHands(certificate);
  }

  async #shakeHands(certificate: RTCCertificate): Promise<void> {
    const dtls = new DtlsClient({
      cert: certificate.certPem,
      key: certificate.privateKey,
      signatureHash: certificate.signatureHash,
      srtpProfiles: [...srtpProfiles],
      extendedMasterSecret: true,
      transport: {
        type: 'udp',
        address: { address: loopback, family: 'IPv4', port: 0 },
        closed: false,
        onData: () => undefined,
        send: async (bytes) => this.#send(bytes),
        close: async () => undefined,
      },
    });
    this.#dtls = dtls;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no DTLS within ${connectWithinMs} ms, stopped at flight ${dtls.dtls.flight}`)), connectWithinMs);
      dtls.onConnect.once(() => resolve());
      dtls.onError.once(reject);
      dtls.connect().catch(reject);
      void dtls.onConnect.asPromise().then(() => clearTimeout(timer));
    });
    this.#takeKeys(dtls);
  }

  #takeKeys(dtls: DtlsClient): void {
    const profile = dtls.srtp.srtpProfile;
    if (profile === undefined) throw new Error('no SRTP profile was negotiated');
    const keys = dtls.extractSessionKeys(keyLength(profile), saltLength(profile));
    const config = {
      profile,
      keys: { localMasterKey: keys.localKey, localMasterSalt: keys.localSalt, remoteMasterKey: keys.remoteKey, remoteMasterSalt: keys.remoteSalt },
    };
    this.#srtp = new SrtpSession(config);
    this.#srtcp = new SrtcpSession(config);
    prepareKey(this.#srtp.remoteContext.cipher, 'srtpSessionKey');
    prepareKey(this.#srtcp.localContext.cipher, 'srtcpSessionKey');
  }

  /** RFC 7983 §7: the first byte distinguishes STUN, DTLS and media. RFC 5761 §4: the second byte distinguishes RTP and RTCP. */
  #receive(bytes: Buffer): void {
    const first = bytes[0] ?? 0;
    if (first >= 128) {
      const second = bytes[1] ?? 0;
      if (second < 192 || second > 223) this.#options.onRtp(bytes, performance.now());
      else this.reportCount += 1;
    } else if (first >= 20 && first < 64) {
      this.#dtls?.options.transport.onData(bytes, [loopback, 0]);
    } else if (first < 4) {
      this.#ice.receive(bytes);
    }
  }

  #send(bytes: Buffer): void {
    if (!this.#isClosed) this.#socket.send(bytes);
  }
}

/** Node uses a key object four times as fast as the bytes of a key. */
function prepareKey<Name extends string>(cipher: Record<Name, Buffer>, name: Name): void {
  Object.assign(cipher, { [name]: createSecretKey(cipher[name]) });
}
