/** One file on its way to the server. */
export interface Transfer {
  /** Ends it. What has arrived stays, and no callback is called afterwards. */
  stop(): void;
}

export interface TransferOptions {
  file: File;
  /** Where to continue; null creates the upload. */
  url: string | null;
  metadata: { courseId: string; title: string; replaces: string | null };
  /** The server knows it. `videoId` is null where it was known before. */
  onLocated: (at: { url: string; videoId: string | null }) => void;
  /** Bytes in total. */
  onSent: (bytes: number) => void;
  onDone: () => void;
  /** Once; it has ended. An `ApiError`, a `CodedError`, or an `ApiUnreachableError`. */
  onFailed: (error: unknown) => void;
}

export type StartTransfer = (options: TransferOptions) => Transfer;
