export type DatabaseFileReason =
  | 'newerFormat'
  | 'notLectern'
  | 'corrupt'
  | 'full'
  | 'unreadable'
  | 'readOnly'
  | 'locked'
  | 'inputOutput';

/** The file that holds the database cannot be used; the message is one sentence for the person who runs Lectern. */
export class DatabaseFileError extends Error {
  override readonly name = 'DatabaseFileError';
  readonly path: string;
  readonly reason: DatabaseFileReason;

  constructor(file: { path: string; reason: DatabaseFileReason }, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = file.path;
    this.reason = file.reason;
  }
}
