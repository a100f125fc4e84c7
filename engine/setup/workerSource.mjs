import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { SetupProblem } from './progress.mjs';
import { filesBelow, stampOf } from './stamps.mjs';

const overlay = fileURLToPath(new URL('debianWorker/', import.meta.url));

// Debian's packages of what the worker's build would download and compile.
export const buildPackages = [
  'meson',
  'ninja-build',
  'pkg-config',
  'g++',
  'libssl-dev',
  'libuv1-dev',
  'libsrtp2-dev',
  'libabsl-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
];

const edits = [
  {
    file: 'meson.build',
    // Debian 12 has Meson 1.0, and nothing in the file needs a newer one.
    from: /meson_version: '>= [\d.]+'/,
    to: "meson_version: '>= 1.0.0'",
  },
  {
    file: 'meson.build',
    from: "dependency('unordered_dense')",
    to: "subproject('unordered_dense').get_variable('unordered_dense_dep')",
  },
  {
    file: 'src/RTC/DtlsTransport.cpp',
    // BIO_CB_RETURN is a bit beside the operation. The comparison for equality makes every control call return 1, also
    // the question whether the BIO does kTLS, which an OpenSSL with kTLS (Debian's) asks: it then allocates no write
    // buffer, and the first DTLS handshake ends in SIGSEGV.
    from: '(operationType == BIO_CB_RETURN)',
    to: '((operationType & BIO_CB_RETURN) != 0)',
  },
];

/** Changes with every edit of the worker's source. */
export function recipeStamp() {
  const edited = JSON.stringify(edits, (_, value) => (value instanceof RegExp ? value.source : value));
  return stampOf([...filesBelow(overlay, ['.']), { name: 'edits', content: edited }]);
}

/** Copies the worker's source from the mediasoup package, and replaces its subprojects by Debian's libraries. */
export function copyWorkerSource(packaged, target) {
  cpSync(packaged, target, { recursive: true, filter: (path) => !/\/(out|prebuild)$/.test(path) });
  rmSync(join(target, 'subprojects'), { recursive: true });
  cpSync(join(overlay, 'subprojects'), join(target, 'subprojects'), { recursive: true });
  for (const edit of edits) applyEdit(target, edit);
}

function applyEdit(folder, { file, from, to }) {
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  if (after === before) {
    throw new SetupProblem(`mediasoup's worker/${file} does not contain ${from}: engine/setup/workerSource.mjs is for another version.`);
  }
  writeFileSync(path, after);
}
