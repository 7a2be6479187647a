/** Runs the order desk until it is told to stop. */
import { ActorSystem, describeExit } from "airssys-rt";
import { simulatedCardNetwork } from "./card-network.ts";
import { orderDesk } from "./desk.ts";
import { defaultLedgerPath, freePort, readSettings } from "./settings.ts";

const settings = readSettings(process.env);
const port = await freePort(settings.port);
if (port !== settings.port) console.log(`port ${settings.port} is taken, using ${port}`);
const ledgerPath = settings.ledgerPath ?? defaultLedgerPath(port);

const system: ActorSystem = await ActorSystem.start({
  name: "order-desk",
  root: orderDesk({
    port,
    ledgerPath,
    network: simulatedCardNetwork(20),
    withTraffic: settings.withTraffic,
    health: () => system.health.check(),
    onOpen: (url) => console.log(`the order desk is open at ${url}`),
  }),
});
console.log(`its ledger is ${ledgerPath}`);

let isOrdered = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    console.log(`${signal}: closing in order, the door first and the books last`);
    isOrdered = true;
    void system.stop();
  });
}

const reason = await system.whenStopped;
console.log(`the order desk is closed (${describeExit(reason)})`);
process.exitCode = isOrdered ? 0 : 1;
