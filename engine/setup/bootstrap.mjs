// Prepares a fresh machine. npm runs it before `npm start` and `npm test`, on the Node that is installed.
const oldestNode = 18;

async function main() {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    console.error(`The set-up of Lectern needs Node ${oldestNode} or newer. This is Node ${process.versions.node}.`);
    process.exitCode = 1;
    return;
  }
  const { prepare } = await import('./prepare.mjs');
  process.exitCode = await prepare(['test', 'bench', 'cluster'].includes(process.argv[2]) ? process.argv[2] : 'start');
}

// No top-level await: an older Node could not parse this file, and could not print the message above.
main();
