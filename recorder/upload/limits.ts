// Limits of uploads: sizes, lifetimes, time-outs.

/** Bytes of a file in a plain request, which begins again when it breaks off. Larger ones are sent by tus. */
export const maxPlainUploadBytes = 256 * 2 ** 20;
/** Milliseconds after its last byte for which an unfinished upload is kept: a week in which a laptop stays closed. */
export const uploadExpiryMs = 7 * 24 * 3600_000;
/** Milliseconds for which a refused upload is listed with the reason. Its bytes are deleted at once. */
export const refusedUploadMs = 7 * 24 * 3600_000;
/** Milliseconds without a byte after which a connection counts as lost, when another one asks for its upload. */
export const stalledTransferMs = 2000;
/** Milliseconds that a request waits for the one that holds its upload. */
export const uploadLockWaitMs = 3000;
/** Milliseconds that it waits for one in another process, which may have died: its lease is taken after 4 s. */
export const uploadLeaseWaitMs = 6000;
/** Milliseconds between two looks at a lock that another process holds. */
export const uploadLockRetryMs = 250;
/** Milliseconds between two notes of how much of an upload has arrived. The store knows it exactly. */
export const uploadNoteIntervalMs = 10_000;
/** Bytes at the beginning from which the type of a file is known. file-type reads about 4 kB; an ID3 tag may precede them. */
export const mediaHeadBytes = 64 * 1024;
/** Bytes with which a refusal does not wait for the whole head: what every type needs at least. */
export const minMediaHeadBytes = 4 * 1024 + 100;
/** Bytes at the end in which a ZIP archive has its directory: 22 and a comment of up to 65,535 (APPNOTE.TXT §4.3.16). */
export const mediaTailBytes = 22 + 65_535;
/** Hashes of uploads in progress in memory. Without its hash, an upload is read once more when it is complete. */
export const maxKnownHashes = 500;
/** Bytes of one stream to clamd: less than its smallest usual StreamMaxLength, 25 MB. Longer files are scanned piece by piece. */
export const scanPieceBytes = 24 * 1000 * 1000;
/** Bytes that two pieces have in common, so that a pattern at their border is found. */
export const scanOverlapBytes = 1000 * 1000;
/** Bytes of one chunk of the protocol. */
export const scanChunkBytes = 256 * 1024;
/** Milliseconds for a connection to clamd. */
export const scanConnectTimeoutMs = 5000;
/** Milliseconds without an answer or progress, after which clamd counts as unavailable. It scans a piece in about a second. */
export const scanIdleTimeoutMs = 60_000;
/** Uploads that one node scans at once: each takes a core of clamd. */
export const maxScansAtOnce = 2;
/** First pause before an upload that could not be checked is checked again; it doubles with every failure. */
export const arrivalRetryFirstMs = 5000;
/** Longest pause before it is checked again. */
export const arrivalRetryMaxMs = 5 * 60_000;
/** Tries: with the longest pause, two days without a scanner. The sweep adds the job again after that. */
export const arrivalAttempts = 600;
/** Milliseconds between two sweeps of expired uploads. */
export const uploadSweepIntervalMs = 15 * 60_000;
/** Uploads in one sweep. */
export const uploadSweepSize = 1000;
/** Milliseconds after its start for which a multipart upload of the store without a row is left alone. */
export const unknownUploadMs = 3600_000;
/** Bytes that a write to the disk collects. Larger writes cost less CPU. */
export const folderWriteBytes = 1024 * 1024;
/** Rows of complete uploads that count towards the quota of a person. */
export const maxCountedUploads = 10_000;
/** Characters of the name of a file: 255 bytes is the limit of most file systems. */
export const maxFileNameLength = 200;
