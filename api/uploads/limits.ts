/** Bytes of a GB in the settings of the site. */
export const bytesOfGb = 2 ** 30;

/** Bytes before and after the file of a form: its fields, and the headers of the part. */
export const maxFormOverheadBytes = 64 * 1024;
