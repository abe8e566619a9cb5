"""A client and its driver, as small as they can be. docs/driver-protocol.md explains what they say to whom."""
import json, os, subprocess, sys, time

IDENTITY = {"name": "mini", "title": "Mini", "version": "0.1.0"}

class Mini:  # The client. Yours is an SDK of its own.
    def __init__(self, codex_bin, cwd, env):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
        command = [codex_bin, "app-server", "--listen", "stdio://"]
        self.engine = subprocess.Popen(command, cwd=cwd, env={**os.environ, **env}, **pipes)
        self.sent, self.events = 0, []
        self.request("initialize", {"clientInfo": IDENTITY, "capabilities": {"experimentalApi": True}})
        self.write({"method": "initialized"})

    def write(self, message):
        print(json.dumps(message), file=self.engine.stdin, flush=True)

    def request(self, method, params):
        self.sent += 1
        self.write({"id": f"request-{self.sent}", "method": method, "params": params})
        while (answer := json.loads(self.engine.stdout.readline())).get("id") != f"request-{self.sent}":
            self.events.append(answer)
        return answer["result"]

    def thread_start(self, sandbox):
        approvals = {"approvalPolicy": "on-request", "approvalsReviewer": "auto_review"}
        return self.request("thread/start", {"sandbox": sandbox, **approvals})["thread"]["id"]

    def run(self, thread, text):
        self.request("turn/start", {"threadId": thread, "input": [{"type": "text", "text": text}]})
        items, usage = [], None
        while True:
            event = self.events.pop(0) if self.events else json.loads(self.engine.stdout.readline())
            match event["method"], event["params"]:
                case "item/completed", {"item": item}: items.append(item)
                case "thread/tokenUsage/updated", {"tokenUsage": found}: usage = found
                case "turn/completed", {"turn": turn}: return {**turn, "items": items, "usage": usage}

def perform(step, codex, names):  # Operations have their names in the Python SDK.
    match step["call"].split("."), step.get("with", {}):
        case ["codex", "thread_start"], {"sandbox": {"$enum": sandbox}}:
            names[step["as"]] = codex.thread_start(sandbox.removeprefix("Sandbox.").replace("_", "-"))
            return {"$type": "Thread", "id": names[step["as"]]}
        case [thread, "run"], {"input": str(text)}:
            turn = codex.run(names[thread], text)
            fields = ("id", "status", "error", "startedAt", "completedAt", "durationMs", "items", "usage")
            answer = [item["text"] for item in turn["items"] if item["type"] == "agentMessage"][-1]
            return {"$type": "TurnResult", **{name: turn[name] for name in fields}, "finalResponse": answer}
    raise NotImplementedError(f"this driver cannot perform {step['call']} {list(step.get('with', {}))}")

def say(**message):
    print(json.dumps(message), flush=True)

say(type="hello", protocol=1, client="mini", clientVersion="0.1.0", clientInfo=IDENTITY, capabilities=["sdk"])
for run in map(json.loads, sys.stdin):
    if run["type"] == "exit": break
    try:
        codex, names = Mini(run["codexBin"], run["workspace"], run["env"]), {}
        for step in run["scenario"]["steps"]:
            if "call" not in step: raise NotImplementedError(f"this driver cannot perform {list(step)}")
            for ch in ("call", "result"):
                what = {"args": step.get("with", {})} if ch == "call" else {"value": perform(step, codex, names)}
                line = {"ch": ch, "lane": step.get("as", "main"), "op": step["call"], **what}
                say(type="line", run=run["run"], t=time.monotonic_ns(), line=line)
        codex.engine.communicate()
        say(type="done", run=run["run"])
    except Exception as error:
        say(type="failed", run=run["run"], message=f"{type(error).__name__}: {error}")
