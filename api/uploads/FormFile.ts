// Responsible for reading one file out of a form (RFC 7578) while it arrives. Owns nothing: its request is closed by the server.
import { Readable } from 'node:stream';
import { CodedError } from '#engine/contract';
import { maxFormOverheadBytes } from './limits.ts';

export interface FormFile {
  fileName: string;
  /** Fails with `upload.tooLarge`, or `request.invalid` when the request breaks off. */
  content: Readable;
}

export interface FormSource {
  contentType: string | undefined;
  body: AsyncIterable<Buffer>;
  /** Bytes of the file at most. */
  maxBytes: number;
}

/** The part `file` of the form; other parts before it are skipped. @throws CodedError `request.invalid` */
export async function openFormFile({ contentType = '', body, maxBytes }: FormSource): Promise<FormFile> {
  const boundary = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType)?.slice(1).find(Boolean);
  if (boundary === undefined) throw invalid('Send a form: Content-Type: multipart/form-data with a boundary.');
  // The first delimiter has no line break before it.
  const scanner = new Scanner(body, Buffer.from('\r\n'));
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  await scanner.readTo(delimiter);
  for (;;) {
    const end = await scanner.readTo(Buffer.from('\r\n'));
    if (end.toString('latin1').startsWith('--')) throw invalid('The form has no part "file".');
    const head = (await scanner.readTo(Buffer.from('\r\n\r\n'))).toString('utf8');
    const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(head)?.[1] ?? '';
    if (parameter(disposition, 'name') === 'file') return { fileName: parameter(disposition, 'filename') ?? '', content: Readable.from(limited(scanner.streamTo(delimiter), maxBytes), { objectMode: false }) };
    await scanner.readTo(delimiter);
  }
}

/** Looks for marks in a body, with as much of it in memory as one chunk and one mark have. */
class Scanner {
  readonly #chunks: AsyncIterator<Buffer>;
  #pending: Buffer;
  #skipped = 0;

  constructor(body: AsyncIterable<Buffer>, before: Buffer) {
    this.#chunks = body[Symbol.asyncIterator]();
    this.#pending = before;
  }

  /** What is before the mark, which is consumed. */
  async readTo(mark: Buffer): Promise<Buffer> {
    for (let at = this.#pending.indexOf(mark); ; at = this.#pending.indexOf(mark)) {
      if (at >= 0) return this.#take(at, mark.length);
      if (this.#skipped + this.#pending.length > maxFormOverheadBytes) throw invalid('The form has too much before its file. Send the file first.');
      this.#pending = Buffer.concat([this.#pending, await this.#next()]);
    }
  }

  async *streamTo(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#pending.indexOf(mark);
      if (at >= 0) {
        const last = this.#take(at, mark.length);
        if (last.length > 0) yield last;
        return;
      }
      const certain = this.#pending.length - mark.length + 1;
      if (certain > 0) {
        yield this.#pending.subarray(0, certain);
        this.#pending = this.#pending.subarray(certain);
      }
      this.#pending = Buffer.concat([this.#pending, await this.#next()]);
    }
  }

  #take(length: number, markLength: number): Buffer {
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length + markLength);
    this.#skipped += length + markLength;
    return taken;
  }

  async #next(): Promise<Buffer> {
    const next = await this.#chunks.next().catch(() => ({ done: true, value: undefined }) as const);
    if (next.done === true || next.value === undefined) throw invalid('The form broke off.');
    return next.value;
  }
}

async function* limited(content: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLargeForForm(maxBytes);
    yield chunk;
  }
}

export function tooLargeForForm(maxBytes: number): CodedError {
  return new CodedError('upload.tooLarge', `In one request, files may have up to ${Math.floor(maxBytes / 2 ** 20)} MB. Send this file by tus, at /api/v1/content/uploads.`, { details: { maxBytes } });
}

function parameter(disposition: string, name: string): string | undefined {
  return new RegExp(`[;\\s]${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(` ${disposition}`)?.[1]?.replace(/\\(.)/g, '$1');
}

function invalid(message: string): CodedError {
  return new CodedError('request.invalid', message);
}
