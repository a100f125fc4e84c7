import { execFileSync } from 'node:child_process';
import { findNginx, findNginxStream } from '../testPrograms.mjs';

export interface Nginx {
  program: string;
  /** The file of the module `stream`; undefined where it is built in. */
  streamModule: string | undefined;
}

/** @throws Error that says what to install */
export function requireNginx(env: NodeJS.ProcessEnv): Nginx {
  const program = findNginx(env);
  if (program === undefined) throw new Error('The cluster needs nginx with its module stream (Debian: apt-get install nginx libnginx-mod-stream).');
  // It prints how it was built on the standard error.
  const build = execFileSync('/bin/sh', ['-c', '"$0" -V 2>&1', program], { encoding: 'utf8' });
  if (/--with-stream(?:\s|$)/.test(build)) return { program, streamModule: undefined };
  const streamModule = findNginxStream(env);
  if (streamModule === undefined) throw new Error(`The cluster passes RTMP on with the module stream of nginx, which is missing (Debian: apt-get install libnginx-mod-stream).`);
  return { program, streamModule };
}
