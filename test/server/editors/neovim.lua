-- Neovim's own client: opens a file, and prints what an editor shows of it, one line of JSON. Arguments in the environment: the command of
-- the server and the file.
local command = vim.json.decode(vim.env.AIRSSYS_SERVER)
local file = vim.env.AIRSSYS_FILE
local waited = 60000

local function fail(why)
  io.stderr:write("neovim: " .. why .. "\n")
  vim.cmd("cquit 1")
end

vim.cmd("edit " .. vim.fn.fnameescape(file))
local client = vim.lsp.start_client({ name = "airssys", cmd = command, root_dir = vim.fn.fnamemodify(file, ":h") })
if client == nil then fail("the server did not start") end
vim.lsp.buf_attach_client(0, client)

if not vim.wait(waited, function() return #vim.diagnostic.get(0) > 0 end, 20) then fail("no diagnostics came") end
local diagnostics = vim.tbl_map(function(one) return one.code or one.message end, vim.diagnostic.get(0))

local function ask(method, line, character)
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(0) },
    position = { line = line, character = character },
  }
  local answers = vim.lsp.buf_request_sync(0, method, params, waited)
  for _, answer in pairs(answers or {}) do return answer.result end
end

local line, character = unpack(vim.json.decode(vim.env.AIRSSYS_SEND))
local hover = ask("textDocument/hover", line, character)
local definition = ask("textDocument/definition", line, character)
local first = vim.diagnostic.get(0)[1]
local actions = vim.lsp.buf_request_sync(0, "textDocument/codeAction", {
  textDocument = { uri = vim.uri_from_bufnr(0) },
  range = {
    start = { line = first.lnum, character = first.col },
    ["end"] = { line = first.end_lnum, character = first.end_col },
  },
  context = { diagnostics = {} },
}, waited)
local titles = {}
for _, answer in pairs(actions or {}) do
  for _, action in ipairs(answer.result or {}) do table.insert(titles, action.title) end
end

print(vim.json.encode({
  diagnostics = diagnostics,
  hover = hover and hover.contents.value or "",
  definition = definition and definition[1] and definition[1].range.start.line or -1,
  actions = titles,
}))
vim.cmd("qall!")
