/** A program that holds the folder of a node until it is killed: `node holdNodeFolder.ts <folder>`. Prints the id. */
import { openNodeFolder } from '../NodeFolder.ts';

const { nodeId } = openNodeFolder(process.argv[2] ?? '');
process.stdout.write(`${nodeId}\n`);
setInterval(() => undefined, 60_000);
