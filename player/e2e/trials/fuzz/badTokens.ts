import { generateKeyPairSync } from 'node:crypto';
import { LectureId, RecordingId, UserId, VideoId } from '#engine/contract';
import type { AccessClaims } from '#engine/contract';
import { systemClock, TokenSigner } from '#engine/kernel';
import { newId } from '#engine/kernel';
import { tokenSignerOf } from '#engine/testing';

/** Tokens that must be refused: expired, altered, unsigned, of another key, of another purpose, and garbage. */
export async function badTokens(dataFolder: string, good: string): Promise<string[]> {
  const signer = await tokenSignerOf(dataFolder);
  const claims: AccessClaims = signer.verify('access', good);
  const [head = '', body = '', signature = ''] = good.split('.');
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const elevated = encoded({ ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), roles: ['admin'] });
  const forger = new TokenSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, systemClock);
  const lectureId = LectureId.parse(newId('lec'));
  return [
    '', 'x', '.', '..', '...', 'null', '🏳️', 'a'.repeat(12_000), `${good}x`, good.slice(0, -2), `${head}.${body}.`, `${head}.${elevated}.${signature}`,
    ...['none', 'None', 'HS256', 'RS256'].map((alg) => `${encoded({ alg, typ: 'JWT' })}.${body}.${alg === 'HS256' ? signature : ''}`),
    `${encoded({ alg: 'ES256', typ: 'JWT', jku: 'http://127.0.0.1:1/keys', kid: '../../../dev/null' })}.${body}.${signature}`,
    `${head}.${encoded({})}.${signature}`, `${head}.${'e30'.repeat(3000)}.${signature}`,
    forger.sign('access', claims, 600),
    signer.sign('access', claims, -1),
    signer.sign('access', { ...claims, loginId: newId('lgn') }, 600),
    signer.sign('access', { ...claims, userId: UserId.parse(newId('usr')) }, 600),
    signer.sign('join', { ticketId: 'x', userId: claims.userId, loginId: 'x', lectureId, courseId: newId('crs') as never, displayName: 'x', role: 'owner' }, 600),
    signer.sign('playback', { videoId: VideoId.parse(newId('vid')), recordingId: RecordingId.parse(newId('rec')), viewer: { userId: claims.userId, loginId: 'x' } }, 600),
  ];
}
