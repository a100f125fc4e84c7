import { CodedError } from '#engine/contract';
import type { RosterImport } from '../../contract/index.ts';

export type RosterEncoding = RosterImport['encoding'];

export interface DecodedRoster {
  text: string;
  encoding: RosterEncoding;
}

/** The share of zero bytes in UTF-16 of text that is mostly Latin, from which it is taken for UTF-16 without a byte order mark. */
const utf16ZeroShare = 0.2;

/** How much of a file is looked at for it. */
const sampleBytes = 4096;

/** Beginnings of files that people take for CSV: ZIP (Excel, Numbers, OpenDocument), the older Excel, PDF. */
const knownFiles = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], name: 'a spreadsheet' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], name: 'an Excel workbook' },
  { bytes: [0x25, 0x50, 0x44, 0x46], name: 'a PDF' },
] as const;

/**
 * The text of a file: UTF-8, UTF-16, or else Windows-1252, which contains Latin-1 and is what Excel writes. A byte order mark decides;
 * without one, the bytes do.
 * @throws CodedError `roster.unreadable` for what is no text
 */
export function decodeRoster(bytes: Uint8Array): DecodedRoster {
  const known = knownFiles.find((file) => file.bytes.every((byte, index) => bytes[index] === byte));
  if (known) throw unreadable(`This file is ${known.name}, not CSV. Open it and save it as CSV.`);
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.trim() === '') throw unreadable('This file is empty.');
  // Control characters other than tabs and line ends are in no list of people.
  if (/[\u0000-\u0008\u000e-\u001f\ufffe\uffff]/.test(text)) throw unreadable('This file is not text. Save the list as CSV.');
  return { text, encoding };
}

function encodingOf(bytes: Uint8Array): RosterEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, sampleBytes);
  const zeros = [0, 1].map((offset) => sample.filter((byte, index) => byte === 0 && index % 2 === offset).length);
  const [even = 0, odd = 0] = zeros;
  if (odd > sample.length * utf16ZeroShare && even === 0) return 'utf-16le';
  if (even > sample.length * utf16ZeroShare && odd === 0) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

export function unreadable(message: string): CodedError {
  return new CodedError('roster.unreadable', message);
}
