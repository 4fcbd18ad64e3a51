/** Prints where a Chromium is: CHROMIUM_PATH, else a well-known name on the PATH. Exits with 1 when there is none. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const { CHROMIUM_PATH: given, PATH = '' } = process.env;
const folders = PATH.split(delimiter);
const candidates = given ? [given] : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
const found = candidates.find(isProgram);

if (found) console.log(found);
else {
  console.error(
    given
      ? `CHROMIUM_PATH is ${given}, which is no program that can be run.`
      : `No Chromium: install one (${NAMES.join(', ')} on the PATH) or set CHROMIUM_PATH to its program.`,
  );
  process.exitCode = 1;
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
