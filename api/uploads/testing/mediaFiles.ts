import { createHash } from 'node:crypto';

/** The beginning of an MP4 file (ISO/IEC 14496-12 §4.3), filled up with bytes that repeat after a prime number. */
export function mp4Of(bytes: number): Buffer {
  const file = Buffer.alloc(bytes);
  for (let at = 0; at < Math.min(bytes, 65_521); at += 1) file[at] = (at * 31) % 251;
  for (let at = 65_521; at < bytes; at += 65_521) file.copyWithin(at, 0, Math.min(65_521, bytes - at));
  Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 'latin1').copy(file);
  Buffer.from('\0\0\0\0mdat', 'latin1').copy(file, 32);
  return file;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
