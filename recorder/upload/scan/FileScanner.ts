import type { Readable } from 'node:stream';

/** `name`: of what was found, for the log and for administrators. */
export type ScanResult = { isClean: true } | { isClean: false; name: string };

/** Looks for harmful content before anybody can see a file. */
export interface FileScanner {
  /**
   * Reads the content to its end, or destroys it.
   * @throws CodedError `upload.notScanned` when the scanner is unavailable, does not answer or fails: the file must wait
   */
  scan(content: Readable, signal: AbortSignal): Promise<ScanResult>;
}
