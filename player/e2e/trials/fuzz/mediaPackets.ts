import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { IceParameters } from '#engine/contract';
import { mutatedBytes, upTo } from './rtmpInputs.ts';
import type { Chance } from './rtmpInputs.ts';

const oneOf = <T>(chance: Chance, values: readonly T[]) => values[upTo(chance, values.length)] as T;
const bytes = (chance: Chance, length: number) => Buffer.from(Array.from({ length }, () => upTo(chance, 256)));

/** RFC 8489 §14: attributes that a binding request may have, and some that it may not. */
const attributeTypes = [0x0006, 0x0008, 0x0009, 0x000a, 0x0014, 0x0015, 0x0020, 0x0024, 0x0025, 0x8022, 0x8028, 0x8029, 0x802a, 0xc057, 0xffff];

function attribute(type: number, value: Buffer, statedBytes = value.length): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(statedBytes & 0xffff, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

/** A binding request with a valid integrity attribute, which the server takes for that of the page. */
export function bindingRequest(ice: IceParameters, extra: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(0x0001, 0);
  head.writeUInt32BE(0x2112a442, 4);
  bytes(Math.random, 12).copy(head, 8);
  const inside = [attribute(0x0006, Buffer.from(`${ice.usernameFragment}:attacker`)), attribute(0x0024, Buffer.of(0x6e, 0x7f, 0x1e, 0xff)), attribute(0x802a, Buffer.alloc(8, 7)), attribute(0x0025, Buffer.alloc(0)), extra];
  const withLength = (parts: Buffer[], more: number) => {
    const all = Buffer.concat([head, ...parts]);
    all.writeUInt16BE((all.length - 20 + more) & 0xffff, 2);
    return all;
  };
  const signature = createHmac('sha1', ice.password).update(withLength(inside, 24)).digest();
  const signed = [...inside, attribute(0x0008, signature)];
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE((crc32(withLength(signed, 8)) ^ 0x5354554e) >>> 0);
  return withLength([...signed, attribute(0x8028, fingerprint)], 0);
}

function stun(chance: Chance, ice: IceParameters): Buffer {
  const extra = Array.from({ length: upTo(chance, 6) }, () => attribute(oneOf(chance, attributeTypes), bytes(chance, upTo(chance, 40)), chance() < 0.3 ? oneOf(chance, [0, 1, 3, 0xffff, upTo(chance, 200)]) : undefined));
  const request = bindingRequest(ice, Buffer.concat(extra));
  return chance() < 0.5 ? request : mutatedBytes(chance, request);
}

/** A DTLS 1.2 record with a handshake message, which may be a fragment or state a wrong length. */
function dtls(chance: Chance): Buffer {
  const body = bytes(chance, upTo(chance, 400));
  const stated = chance() < 0.5 ? body.length : oneOf(chance, [0, 0xffffff, upTo(chance, 0xffff)]);
  const handshake = Buffer.concat([Buffer.of(oneOf(chance, [1, 2, 11, 12, 14, 16, 20, upTo(chance, 256)]), stated >> 16, (stated >> 8) & 255, stated & 255, 0, upTo(chance, 4), 0, 0, 0, 0, 0, body.length & 255), body]);
  const record = chance() < 0.2 ? clientHello(chance) : handshake;
  const length = chance() < 0.7 ? record.length : upTo(chance, 0xffff);
  return Buffer.concat([Buffer.of(oneOf(chance, [20, 21, 22, 22, 22, 23, 24, 63]), 0xfe, oneOf(chance, [0xfd, 0xff, 0xfc]), 0, upTo(chance, 2), 0, 0, 0, 0, 0, upTo(chance, 256), length >> 8, length & 255), record]);
}

/** RFC 6347 §4.2.2, with damaged extensions. */
function clientHello(chance: Chance): Buffer {
  const extensions = Buffer.from('000a00040002001700 0b00020100 000d0006000404030401 000e000700040007000100 00170000 ff01000100'.replaceAll(' ', ''), 'hex');
  const damaged = chance() < 0.7 ? mutatedBytes(chance, extensions) : extensions;
  const inside = Buffer.concat([Buffer.of(0xfe, 0xfd), bytes(chance, 32), Buffer.of(0, 0, 0, 4, 0xc0, 0x2b, 0xc0, 0x2f, 1, 0), Buffer.of(damaged.length >> 8, damaged.length & 255), damaged]);
  const length = Buffer.of(0, inside.length >> 8, inside.length & 255);
  return Buffer.concat([Buffer.of(1), length, Buffer.of(0, 0, 0, 0, 0), length, inside]);
}

/** A packet that begins like RTP or RTCP (RFC 7983 §7). */
function media(chance: Chance): Buffer {
  return Buffer.concat([Buffer.of(0x80 | upTo(chance, 64), oneOf(chance, [96, 102, 111, 200, 201, 205, 206, upTo(chance, 256)])), bytes(chance, upTo(chance, 1400))]);
}

/** A packet for the media port. */
export function mediaPacket(chance: Chance, ice: IceParameters): Buffer {
  return oneOf(chance, [stun, stun, dtls, dtls, (with_: Chance) => media(with_), (with_: Chance) => bytes(with_, upTo(with_, 1500))])(chance, ice);
}

/** RFC 4571, where the length may be wrong. */
export function framedForTcp(chance: Chance, packet: Buffer): Buffer {
  const stated = chance() < 0.8 ? packet.length : oneOf(chance, [0, 1, 0xffff, upTo(chance, 0xffff)]);
  return Buffer.concat([Buffer.of(stated >> 8, stated & 255), packet]);
}

/** Invalid payloads of H.264, VP8 and Opus. */
export function rtpPayload(chance: Chance): Buffer {
  const head = oneOf(chance, [
    [0x78, 0, upTo(chance, 256), 0x67, 0x42], [0x7c, 0x85], [0x7c, 0x45], [0x7c, 0x05], [0x67, 0x42, 0xe0, 0x1f], [0x68, 0xce], [0x65], [0x41], [0x10, 0x9d, 0x01, 0x2a], [0x90, 0x80, 0xff], [0xff, 0xff], [],
  ]);
  return Buffer.concat([Buffer.from(head), bytes(chance, upTo(chance, 1100))]);
}

/** An invalid compound RTCP packet (RFC 3550 §6, RFC 4585, REMB, transport-wide feedback). */
export function rtcpPacket(chance: Chance, ssrc: number): Buffer {
  const one = () => {
    const type = oneOf(chance, [200, 201, 202, 203, 204, 205, 206, 207, 192 + upTo(chance, 32)]);
    const body = Buffer.concat([Buffer.alloc(4), bytes(chance, 4 * upTo(chance, 20))]);
    body.writeUInt32BE(ssrc >>> 0, 0);
    const words = chance() < 0.7 ? body.length / 4 : upTo(chance, 0xffff);
    return Buffer.concat([Buffer.of(0x80 | upTo(chance, 32) | (chance() < 0.1 ? 0x20 : 0), type, words >> 8, words & 255), body]);
  };
  return Buffer.concat(Array.from({ length: 1 + upTo(chance, 4) }, one));
}
