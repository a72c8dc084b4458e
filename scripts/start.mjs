// `npm start`: sets the project up, builds it and shows the main job on the crawler without a lock.
import path from "node:path";
import { root, run, setUp, step } from "./setup.mjs";

setUp();
step("happens-before demo");
// With the Node of whoever runs this, not the project's own: that is what users have.
run(process.execPath, [path.join(root, "dist", "cli.cjs"), "demo"]);
