// Makes a fresh machine ready: run by npm before `npm start` and `npm test`, on whatever Node there is.
const oldestNode = 18;

async function main() {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    console.error(`Lectern's set-up needs Node ${oldestNode} or newer, and this is ${process.versions.node}.`);
    process.exitCode = 1;
    return;
  }
  const { prepare } = await import('./prepare.mjs');
  process.exitCode = await prepare(['test', 'bench'].includes(process.argv[2]) ? process.argv[2] : 'start');
}

// Not awaited here: an older Node could not even read the sentence above.
main();
