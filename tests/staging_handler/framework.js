// Runs the runtime of aws-cdk-lib's provider framework as Lambda and Step Functions run it.
// Lines of JSON on standard output say what it asks for; the line on standard input answers.
"use strict";
const path = require("node:path");
const readline = require("node:readline");

const [folder, attempts] = process.argv.slice(2);
const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (message) => process.stdout.write(JSON.stringify(message) + "\n");
const ask = async (message) => {
  say(message);
  return JSON.parse((await lines.next()).value);
};
console.log = () => {};

let execution;
const outbound = path.join(folder, "outbound.js");
require.cache[outbound] = {
  id: outbound,
  filename: outbound,
  loaded: true,
  exports: {
    startExecution: async (request) => {
      execution = JSON.parse(request.input);
    },
    invokeFunction: (request) =>
      ask({ invoke: request.FunctionName, payload: JSON.parse(request.Payload) }),
    httpRequest: async (_options, body) => say({ response: body }),
  },
};
const consts = require(path.join(folder, "consts.js"));
process.env[consts.USER_ON_EVENT_FUNCTION_ARN_ENV] = "on_event";
process.env[consts.USER_IS_COMPLETE_FUNCTION_ARN_ENV] = "is_complete";
process.env[consts.WAITER_STATE_MACHINE_ARN_ENV] = "waiter";
const framework = require(path.join(folder, "framework.js"));

// The waiter's state machine: a task that is tried again whatever its error, then onTimeout.
const wait = async () => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await framework[consts.FRAMEWORK_IS_COMPLETE_HANDLER_NAME](execution);
    } catch (error) {
      if (attempt >= Number(attempts)) {
        const cause = JSON.stringify({ errorMessage: error.message });
        return await framework[consts.FRAMEWORK_ON_TIMEOUT_HANDLER_NAME]({ Cause: cause });
      }
      await ask({ waits: attempt });
    }
  }
};

const main = async () => {
  await framework[consts.FRAMEWORK_ON_EVENT_HANDLER_NAME](await ask({ ready: true }));
  if (execution) await wait();
  process.exit(0);
};
main();
