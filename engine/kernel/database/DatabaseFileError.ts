/** Why a database file cannot be used. `newerFormat`: written by a newer Lectern. `notLectern`: belongs to another program. */
export type DatabaseFileReason =
  | 'newerFormat'
  | 'notLectern'
  | 'corrupt'
  | 'full'
  | 'unreadable'
  | 'readOnly'
  | 'locked'
  | 'inputOutput';

/** The database file cannot be used. The message names the file and says what the operator can do about it. */
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
