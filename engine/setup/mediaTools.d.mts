/** A Chromium: LECTERN_CHROMIUM, or the first known one in PATH. */
export function findBrowser(env: Readonly<Record<string, string | undefined>>): string | undefined;

export function ffmpegShortfall(banner: string, encoders: string): string | undefined;
