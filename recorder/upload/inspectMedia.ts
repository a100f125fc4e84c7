// What a file is, by its content. Its name and the type that the client declares decide nothing.
import { fileTypeFromBuffer } from 'file-type';
import { CodedError } from '#engine/contract';

/** The containers of video and audio that ffmpeg demuxes from one file, by the types that file-type knows. */
const mediaTypes: ReadonlySet<string> = new Set([
  'video/mp4', 'video/x-m4v', 'video/quicktime', 'video/matroska', 'video/webm', 'video/vnd.avi', 'video/mpeg', 'video/MP1S', 'video/MP2P', 'video/mp2t',
  'video/x-flv', 'video/x-ms-asf', 'application/vnd.ms-asf', 'video/ogg', 'video/3gpp', 'video/3gpp2', 'application/mxf',
  'audio/mpeg', 'audio/aac', 'audio/wav', 'audio/flac', 'audio/mp4', 'audio/x-m4a', 'audio/aiff', 'audio/x-caf', 'audio/amr', 'audio/ogg', 'audio/ogg; codecs=opus',
  'audio/vnd.dolby.dd-raw', 'audio/ape', 'audio/wavpack', 'audio/x-ms-asf',
]);

/** Bytes at the beginning that are looked at for them: browsers sniff the first 1,445 (WHATWG MIME Sniffing §7). In more, random bytes would match. */
const sniffedBytes = 4096;

/** What pages, scripts, documents and playlists begin with. None of it belongs to the beginning of a video. */
const foreignTexts = ['<!doctype', '<html', '<head', '<script', '<svg', '<?php', '<?xml-stylesheet', '<iframe', '#extm3u', '#ext-x-', 'ffconcat version', '[playlist]', '%pdf-'];

export interface MediaSample {
  /** The beginning of the file. */
  head: Uint8Array;
  /** Its last bytes; undefined while they are not known. */
  tail?: Uint8Array;
}

/** The type of an audio or video file. @throws CodedError `upload.typeUnknown`, `upload.polyglot` */
export async function inspectMedia({ head, tail }: MediaSample): Promise<{ contentType: string }> {
  const type = await fileTypeFromBuffer(head).catch(() => undefined);
  if (!type || !mediaTypes.has(type.mime)) {
    throw new CodedError('upload.typeUnknown', `This is no video or audio file that Lectern can read${type ? ` (it is ${type.mime})` : ''}. Export it as MP4, MKV, WebM, MOV or MP3, and upload that.`, { details: { ...(type && { found: type.mime }) } });
  }
  const text = Buffer.from(head.subarray(0, sniffedBytes)).toString('latin1').toLowerCase();
  const foreign = foreignTexts.find((each) => text.includes(each)) ?? (tail && hasArchive(tail) ? 'a ZIP archive' : undefined);
  if (foreign !== undefined) {
    throw new CodedError('upload.polyglot', `This file is a video and something else at once (${foreign}). Export the video again, and upload that.`, { details: { found: foreign } });
  }
  return { contentType: type.mime };
}

/** A ZIP archive ends with its directory, whose comment reaches exactly to the end of the file (APPNOTE.TXT §4.3.16). */
function hasArchive(tail: Uint8Array): boolean {
  const bytes = Buffer.from(tail);
  for (let at = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1'); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf('PK\x05\x06', at - 1, 'latin1')) {
    if (at + 22 <= bytes.length && at + 22 + bytes.readUInt16LE(at + 20) === bytes.length) return true;
  }
  return false;
}
