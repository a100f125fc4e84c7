import { createHmac } from 'node:crypto';
import { commandBody, handshakeBytes } from '../rtmpBytes.ts';
import type { Amf } from '../rtmpBytes.ts';
import type { Oddity } from './oddity.ts';

const address = { app: 'live', tcUrl: 'rtmp://127.0.0.1/live' };
const withProperties = (title: string, properties: Record<string, Amf>): Oddity => ({ title, connect: (encoder) => encoder.connect(properties) });
const text = (value: string) => commandBody([value]).subarray(1);
const objectEnd = Buffer.of(0, 0, 9);
const ecmaArray = (count: number) => Buffer.concat([Buffer.of(8, 0, 0, 0, count), text('width'), commandBody([1280]), objectEnd]);
const amf3Command = 17;
const userControl = 4;

/** C1 with the digest that proves a Flash player, at the offset that its first scheme derives. */
function digestHandshake(): Buffer {
  const bytes = handshakeBytes();
  const hello = bytes.subarray(1, 1537);
  hello.set([0, 0, 0, 1, 9, 0, 124, 2]);
  const at = ((hello[8]! + hello[9]! + hello[10]! + hello[11]!) % 728) + 12;
  const rest = Buffer.concat([hello.subarray(0, at), hello.subarray(at + 32)]);
  hello.set(createHmac('sha256', 'Genuine Adobe Flash Player 001').update(rest).digest(), at);
  return bytes;
}

/** Handshake, connect and the other commands. */
export const commandOddities: Oddity[] = [
  { title: 'shakes hands with a digest', handshake: (encoder) => encoder.write(digestHandshake()) },
  { title: 'states version 4 of the handshake', handshake: (encoder) => encoder.write(Buffer.concat([Buffer.of(4), handshakeBytes().subarray(1)])) },
  withProperties('sends no tcUrl', { app: 'live' }),
  withProperties('sends null for tcUrl', { app: 'live', tcUrl: null }),
  withProperties('sends a tcUrl that is no address', { app: 'live', tcUrl: ' live\n' }),
  withProperties('sends neither app nor tcUrl', {}),
  withProperties('sends no app', { tcUrl: 'rtmp://127.0.0.1/live' }),
  withProperties('sends an ECMA array before tcUrl', { app: 'live', info: ecmaArray(1), tcUrl: 'rtmp://127.0.0.1/live' }),
  withProperties('sends an ECMA array with a wrong count', { info: ecmaArray(0), ...address }),
  withProperties('sends a value of an unknown kind', { ...address, odd: Buffer.of(0x7f, 1, 2, 3) }),
  withProperties('sends a date, a long string, XML, a reference and undefined', {
    date: Buffer.concat([Buffer.of(11), Buffer.alloc(10)]),
    long: Buffer.concat([Buffer.of(12, 0, 0, 0, 2), Buffer.from('ok')]),
    xml: Buffer.concat([Buffer.of(15, 0, 0, 0, 2), Buffer.from('<>')]),
    reference: Buffer.of(7, 0, 0),
    nothing: Buffer.of(6),
    unsupported: Buffer.of(13),
    ...address,
  }),
  withProperties('announces the codecs of Enhanced RTMP', {
    ...address,
    fourCcList: Buffer.concat([Buffer.of(10, 0, 0, 0, 2), commandBody(['avc1', 'hvc1'])]),
    videoFourCcInfoMap: { '*': 1, avc1: 4 },
    capsEx: 15,
  }),
  {
    title: 'connects with a typed object',
    connect: (encoder) => {
      encoder.command(['connect', 1, Buffer.concat([Buffer.of(16), text('Connection'), text('app'), commandBody(['live']), objectEnd])]);
      encoder.command(['createStream', 2, null]);
    },
  },
  {
    title: 'sends its commands in AMF3 messages',
    connect: (encoder) => {
      const command = (values: Amf[]) => encoder.message({ type: amf3Command, body: Buffer.concat([Buffer.of(0), commandBody(values)]) });
      command(['connect', 1, { ...address, objectEncoding: 3 }]);
      command(['createStream', 2, Buffer.of(0x11, 1)]);
    },
    publish: (encoder) => encoder.message({ type: amf3Command, streamId: 1, body: Buffer.concat([Buffer.of(0), commandBody(['publish', 3, Buffer.of(0x11, 1), encoder.key, 'live'])]) }),
  },
  {
    title: 'prepares its publication as Flash Media Live Encoder does',
    connect: (encoder) => {
      encoder.connect();
      encoder.command(['releaseStream', 4, null, encoder.key]);
      encoder.command(['FCPublish', 5, null, encoder.key]);
      encoder.command(['_checkbw', 6, null]);
    },
    expected: 'onFCPublish',
  },
  {
    title: 'sends commands that nobody knows, with and without a number',
    connect: (encoder) => {
      encoder.connect();
      encoder.command(['setPeerInfo', 7, null, '192.0.2.1']);
      encoder.command(['sendSomething', null, null]);
      encoder.command([1, 2, 3]);
      encoder.command([]);
    },
  },
  {
    title: 'publishes on the second of two streams',
    connect: (encoder) => {
      encoder.connect();
      encoder.command(['createStream', 4, null]);
      encoder.streamId = 2;
    },
  },
  { title: 'publishes on message stream 0', publish: (encoder) => encoder.command(['publish', 3, null, encoder.key, 'live'], (encoder.streamId = 0)) },
  { title: 'publishes without a type', publish: (encoder) => encoder.command(['publish', 3, null, encoder.key], 1) },
  { title: 'publishes with the type append', publish: (encoder) => encoder.command(['publish', 0, null, encoder.key, 'append'], 1) },
  {
    title: 'deletes a stream on which it does not publish',
    publish: (encoder) => {
      encoder.publish();
      encoder.command(['deleteStream', 9, null, 7]);
    },
  },
  {
    title: 'publishes a second time on another stream',
    publish: (encoder) => {
      encoder.publish();
      encoder.command(['publish', 9, null, encoder.key, 'live'], 2);
    },
    expected: 'publishes already',
  },
  {
    title: 'pings the server, and answers a ping that it did not get',
    connect: (encoder) => {
      encoder.connect();
      encoder.message({ type: userControl, chunkStream: 2, body: Buffer.from([0, 6, 0x41, 0x42, 0x43, 0x44]) });
      encoder.message({ type: userControl, chunkStream: 2, body: Buffer.from([0, 7, 0, 0, 0, 1]) });
      encoder.message({ type: userControl, chunkStream: 2, body: Buffer.of(0) });
    },
    expected: '\x00\x07ABCD',
  },
];

const at = (title: string, { app = 'live', name }: { app?: string; name: (key: string) => string }): Oddity => ({
  title,
  connect: (encoder) => encoder.connect({ app: app.replace('KEY', encoder.key), tcUrl: `rtmp://127.0.0.1/${app}` }),
  publish: (encoder) => encoder.publish(name(encoder.key)),
});

/** Server and key as people type them. All readings are in `readStreamKey.test.ts`. */
export const addressOddities: Oddity[] = [
  at('has a slash behind the server and a space before the key', { app: 'live/', name: (key) => ` ${key}` }),
  at('has the server in capitals', { app: 'LIVE', name: (key) => key }),
  at('has the key behind the server', { app: 'live/KEY', name: () => '' }),
  at('has server and key exchanged', { app: 'KEY', name: () => 'live' }),
  at('has a line break in the key, and percent-encoding', { name: (key) => `${key.slice(0, 9)}%0D%0A\n${key.slice(9).toUpperCase()}` }),
];
