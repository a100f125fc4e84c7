import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { PersonalData } from './PersonalData.ts';
import type { Person } from './PersonalSource.ts';

const readme = `This is everything that this site stores about you.

Each .json file is a list of records. files/ holds your pictures and other files.
Ids name courses (crs_), lectures (lec_) and videos (vid_). Times are in UTC; atMs is milliseconds since the lecture began.
Passwords, keys and what others have written are not included.
`;

export interface WriteExportOptions {
  personal: PersonalData;
  person: Person;
  /** Where the ZIP is written. */
  file: string;
  signal: AbortSignal;
  /** From 0 to 1. */
  onProgress: (fraction: number) => void;
}

/** Writes a ZIP of everything that is stored about a person. One record is in memory at a time. */
export async function writeExport({ personal, person, file, signal, onProgress }: WriteExportOptions): Promise<void> {
  const zip = new ZipFile();
  const failed = Promise.withResolvers<never>();
  zip.on('error', (err: unknown) => failed.reject(err instanceof Error ? err : new Error(String(err))));
  zip.addBuffer(Buffer.from(readme), 'README.txt');
  for (const [index, source] of personal.sources.entries()) {
    const onStart = () => onProgress(index / personal.sources.length);
    zip.addReadStreamLazy(`${source.name}.json`, (give) => give(null, Readable.from(jsonOf(() => source.rows(person), { signal, onStart }), { objectMode: false })));
    for (const { name, open } of (await source.files?.(person)) ?? []) {
      zip.addReadStreamLazy(`files/${name}`, (give) => void open().then((body) => give(null, body), (err: unknown) => give(err, Readable.from([]))));
    }
  }
  zip.end();
  await Promise.race([pipeline(zip.outputStream, createWriteStream(file), { signal }), failed.promise]);
}

/** The text of a JSON array. */
async function* jsonOf(read: () => AsyncIterable<object> | Promise<readonly object[]>, { signal, onStart }: { signal: AbortSignal; onStart: () => void }): AsyncIterable<Buffer> {
  onStart();
  const rows = read();
  let separator = '[';
  for await (const row of rows instanceof Promise ? await rows : rows) {
    signal.throwIfAborted();
    yield Buffer.from(`${separator}\n${JSON.stringify(row)}`);
    separator = ',';
  }
  yield Buffer.from(separator === '[' ? '[]\n' : '\n]\n');
}
