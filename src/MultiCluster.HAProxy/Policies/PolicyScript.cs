namespace MultiCluster.HAProxy.Policies;

/// <summary>
/// What rules of HAProxy can't say: headers whose names are data, and answers whose status is. An older program may be started with this
/// file, so actions keep their names and their meaning.
/// </summary>
public static class PolicyScript
{
    public const string RequestHeaders = "policy_request_headers";

    public const string ResponseHeaders = "policy_response_headers";

    public const string Refuse = "policy_refuse";

    public const string DressPage = "policy_page";

    public const string Ask = "policy_ask";

    /// <summary>Takes away what only the service may say, where it is not asked.</summary>
    public const string Unsay = "policy_unsay";

    public const string Verify = "policy_verify";

    /// <summary>Set when the password fits the hash; whatever goes wrong leaves it unset.</summary>
    public const string Verified = "txn.verified";

    /// <summary>Asks the agent about a token, which says until when it is good.</summary>
    public const string Token = "policy_token";

    /// <summary>Sends a copy of the request to the agent.</summary>
    public const string Mirror = "policy_mirror";

    /// <summary>Set when the service let the request pass; whatever goes wrong leaves it unset.</summary>
    public const string Passed = "txn.passed";

    /// <summary>Adds the service's cookies to an answer.</summary>
    public const string AddCookies = "policy_cookies";

    /// <summary>Those that the service set, one a line, where clients are to get them.</summary>
    public const string Cookies = "txn.given_cookies";

    public const string Text = """
        -- Written by MultiCluster; changes made by hand are lost.

        -- Lists of names, or of names and values: each text is behind its length, a number in HAProxy's own form.
        local function texts(list)
          local all, at = {}, 1
          while at <= #list do
            local length = string.byte(list, at)
            at = at + 1
            if length >= 240 then
              local unit, byte = 16, 128
              while byte >= 128 and at <= #list do
                byte = string.byte(list, at)
                length, unit, at = length + byte * unit, unit * 128, at + 1
              end
            end
            all[#all + 1] = string.sub(list, at, at + length - 1)
            at = at + length
          end
          return all
        end

        -- What was read of lists is kept, up to so many.
        local read, count, most_read = {}, 0, 1000

        local function of(txn, name)
          local text = txn:get_var(name)
          if not text or text == "" then return nil end
          local list = read[text]
          if not list then
            if count >= most_read then read, count = {}, 0 end
            list = texts(text)
            read[text], count = list, count + 1
          end
          return list
        end

        core.register_action("policy_request_headers", { "http-req" }, function(txn)
          local http = txn.http
          local gone, set, added = of(txn, "txn.changes_gone"), of(txn, "txn.changes_set"), of(txn, "txn.changes_added")
          if gone then for i = 1, #gone - 1 do http:req_del_header(gone[i]) end end
          if set then for i = 1, #set - 2, 2 do http:req_set_header(set[i], set[i + 1]) end end
          if added then for i = 1, #added - 2, 2 do http:req_add_header(added[i], added[i + 1]) end end
        end)

        core.register_action("policy_response_headers", { "http-res" }, function(txn)
          local http = txn.http
          local gone, set, added = of(txn, "txn.dress_gone"), of(txn, "txn.dress_set"), of(txn, "txn.dress_added")
          if gone then for i = 1, #gone - 1 do http:res_del_header(gone[i]) end end
          if set then for i = 1, #set - 2, 2 do http:res_set_header(set[i], set[i + 1]) end end
          if added then for i = 1, #added - 2, 2 do http:res_add_header(added[i], added[i + 1]) end end
        end)

        core.register_action("policy_cookies", { "http-res" }, function(txn)
          for cookie in string.gmatch(txn:get_var("txn.given_cookies") or "", "[^\n]+") do txn.http:res_add_header("set-cookie", cookie) end
        end)

        core.register_action("policy_refuse", { "http-req" }, function(txn)
          local reply = txn:reply({ status = tonumber(txn:get_var("txn.status")) or 429 })
          reply:add_header("content-type", "text/plain")
          reply:add_header("retry-after", txn:get_var("txn.after") or "1")
          reply:set_body("too many requests\n")
          txn:done(reply)
        end)

        -- "CODE REASON" and lines of headers. What has no line here stays, but for what is about the body.
        local function dress(txn)
          local http, head, seen = txn.http, txn:get_var("txn.page") or "", {}
          local code, reason = string.match(head, "^(%d+) ([^\n]*)\n")
          if not code then return end
          if reason ~= "" then
            http:res_set_status(tonumber(code), reason)
          elseif tonumber(code) ~= txn.sf:status() then
            http:res_set_status(tonumber(code))
          end
          http:res_del_header("content-type")
          http:res_del_header("cache-control")
          for name, value in string.gmatch(head, "\n([^:\n]+):([^\n]*)") do
            if not seen[name] then http:res_del_header(name) end
            seen[name] = true
            http:res_add_header(name, value)
          end
        end

        -- Older versions have no scripts there, and need none: see ErrorPageSection.
        pcall(core.register_action, "policy_page", { "http-after-res" }, dress)

        local function unavailable(txn, body)
          local reply = txn:reply({ status = 503 })
          reply:add_header("content-type", "text/plain")
          reply:add_header("retry-after", "1")
          reply:set_body(body)
          txn:done(reply)
        end

        -- The agent's answer to a question, which is two texts of what is asked about whom; nothing where it gives none.
        local function agent(txn, kind, first, second)
          local socket = core.tcp()
          socket:settimeout(5)
          local answer
          if socket:connect(txn:get_var("txn.verifier")) then
            local whose = (txn:get_var("txn.policy") or "-") .. " " .. (txn:get_var("txn.asker") or "-")
            if socket:send(kind .. #first .. " " .. #second .. " " .. whose .. "\n" .. first .. second) then answer = socket:receive("*l") end
            socket:close()
          end
          return answer
        end

        core.register_action("policy_verify", { "http-req" }, function(txn)
          local hash, password = txn:get_var("txn.hash") or "", txn:get_var("txn.password") or ""
          if hash == "" or password == "" then return end
          local answer = agent(txn, "", hash, password)
          if answer == "yes" then
            txn:set_var("txn.verified", "yes")
          elseif answer ~= "no" then
            unavailable(txn, "no password can be told now\n")
          end
        end)

        core.register_action("policy_token", { "http-req" }, function(txn)
          local rule, token = txn:get_var("txn.token_rule") or "", txn:get_var("txn.jwt") or ""
          if rule == "" or token == "" then return end
          local answer = agent(txn, "token ", rule, token) or ""
          local last = string.match(answer, "^yes (%d+)$")
          if last then
            txn:set_var("txn.token_until", tonumber(last))
            txn:set_var("txn.token_new", "yes")
          elseif answer ~= "no" then
            unavailable(txn, "no token can be told now\n")
          end
        end)

        -- Of HAProxy's own making, or about this connection alone.
        local hop = {
          ["connection"] = true, ["content-length"] = true, ["expect"] = true, ["host"] = true, ["http2-settings"] = true, ["keep-alive"] = true,
          ["proxy-connection"] = true, ["te"] = true, ["trailer"] = true, ["transfer-encoding"] = true, ["upgrade"] = true,
        }

        -- Of an answer and its body: a '*' does not mean that the request is to say it.
        local about = {
          ["accept-ranges"] = true, ["age"] = true, ["cache-control"] = true, ["content-disposition"] = true, ["content-encoding"] = true,
          ["content-language"] = true, ["content-location"] = true, ["content-range"] = true, ["content-type"] = true, ["date"] = true,
          ["etag"] = true, ["expires"] = true, ["last-modified"] = true, ["location"] = true, ["server"] = true, ["set-cookie"] = true,
          ["vary"] = true, ["www-authenticate"] = true,
        }

        -- Whether a name is among words with '*'; of those in the second table none is by a word with '*'.
        local function matcher(words, but)
          local names, patterns = {}, {}
          for word in string.gmatch(words or "", "%S+") do
            if string.find(word, "*", 1, true) then
              patterns[#patterns + 1] = "^" .. word:gsub("%W", "%%%0"):gsub("%%%*", ".*") .. "$"
            else
              names[word] = true
            end
          end
          return function(name)
            if hop[name] then return false end
            if names[name] then return true end
            if but and but[name] then return false end
            for _, pattern in ipairs(patterns) do
              if string.match(name, pattern) then return true end
            end
            return false
          end
        end

        local function each(headers, wanted, take)
          for name, values in pairs(headers or {}) do
            name = string.lower(name)
            if wanted(name) then
              for _, value in pairs(values) do take(name, value) end
            end
          end
        end

        -- Copies that are on their way to the agent, of which there are no more than these.
        local copies, most_copies = 0, 200

        core.register_action("policy_mirror", { "http-req" }, function(txn)
          local rule = txn:get_var("txn.mirror") or ""
          if rule == "" or copies >= most_copies then return end
          local body, length = "", tonumber(txn.sf:req_fhdr("content-length"))
          if length and string.sub(rule, -1) == "b" and txn.f:req_body_len() == length then body = txn.sf:req_body() end
          local tls = txn.f:ssl_fc()
          local owner = string.match(txn:get_var("txn.route") or "", "^[^|]*|[^|]*|([^/|]+)/") or "-"
          local lines = { owner, txn.sf:method(), (tls == true or tls == 1) and "https" or "http", txn.sf:req_fhdr("host"), txn.sf:pathq() }
          each(txn.http:req_get_headers(), function(name) return not hop[name] end, function(name, value) lines[#lines + 1] = name .. ":" .. value end)
          local head, path = table.concat(lines, "\n"), txn:get_var("txn.mirror_socket")
          copies = copies + 1
          core.register_task(function()
            pcall(function()
              local socket = core.tcp()
              socket:settimeout(2)
              if socket:connect(path) then socket:send(#rule .. " " .. #head .. " " .. #body .. "\n" .. rule .. head .. body) end
              socket:close()
            end)
            copies = copies - 1
          end)
        end)

        -- A service that is behind a route that asks it would be asked about each question: one request would take the whole proxy.
        local asking = "x-multicluster-asking"

        -- Questions under way; a slow service holds no more requests than this.
        local questions, most = 0, 1000

        local function ask(client, method, request)
          if method == "head" then return client:head(request)
          elseif method == "post" then return client:post(request)
          elseif method == "put" then return client:put(request)
          elseif method == "delete" then return client:delete(request)
          else return client:get(request) end
        end

        -- What only the service may say, a client may not.
        local function unsay(http, passes, wanted)
          for word in string.gmatch(passes, "%S+") do
            if not string.find(word, "*", 1, true) and wanted(word) then http:req_del_header(word) end
          end
        end

        core.register_action("policy_unsay", { "http-req" }, function(txn)
          local passes = string.match(txn:get_var("txn.rule") or "", "^[^|]*|[^|]*|[^|]*|([^|]+)")
          passes = passes and txn.c:ub64dec(passes) or ""
          unsay(txn.http, passes, matcher(passes, about))
        end)

        core.register_action("policy_ask", { "http-req" }, function(txn)
          local http = txn.http
          local question = txn.f:req_hdr_cnt(asking) > 0
          if question or questions >= most then
            local refusal = txn:reply({ status = question and 508 or 503 })
            refusal:add_header("content-type", "text/plain")
            refusal:set_body(question and "the service that is asked is behind a route that asks it\n" or "too many questions are under way\n")
            txn:done(refusal)
            return
          end
          -- The policy's value, divided by '|'; most of it is encoded.
          local parts = {}
          for part in string.gmatch((txn:get_var("txn.rule") or "") .. "|", "([^|]*)|") do parts[#parts + 1] = part end
          local function text(i) return parts[i] and parts[i] ~= "" and txn.c:ub64dec(parts[i]) or "" end
          local url, method, passes, tells, signin = text(1), parts[2] or "", text(4), text(5), text(6)
          local redirect, cookies = text(7), parts[8] or ""
          local tls = txn.f:ssl_fc()
          local scheme, host, uri = (tls == true or tls == 1) and "https" or "http", txn.sf:req_fhdr("host"), txn.sf:pathq()
          local function add(headers, name, value)
            local list = headers[name]
            if list then list[#list + 1] = value else headers[name] = { value } end
          end

          local function fill(form)
            return (string.gsub(form, "{(%l+)}", {
              scheme = scheme, host = host, name = string.gsub(host, ":%d*$", ""), uri = uri, path = string.gsub(uri, "[?].*$", ""),
              escaped = string.gsub(uri, "[^%w._~-]", function(c) return string.format("%%%02X", string.byte(c)) end),
            }))
          end

          local asked = http:req_get_headers()
          local headers = {}
          each(asked, matcher(text(3)), function(name, value) add(headers, name, value) end)
          local own = {
            ["x-forwarded-method"] = txn.sf:method(), ["x-original-method"] = txn.sf:method(), ["x-forwarded-proto"] = scheme,
            ["x-forwarded-host"] = host, ["x-forwarded-uri"] = uri, ["x-forwarded-for"] = txn.sf:src(),
            ["x-original-url"] = scheme .. "://" .. host .. uri, ["x-real-ip"] = txn.sf:src(),
          }
          for name, value in pairs(own) do headers[name] = { value } end
          local sets = texts(text(9))
          for i = 1, #sets - 2, 2 do headers[string.lower(sets[i])] = { fill(sets[i + 1]) } end
          headers[asking] = { "1" }
          if redirect ~= "" then headers["x-auth-request-redirect"] = { fill(redirect) } end

          local client = core.httpclient()
          if method == "" then method = string.lower(txn.sf:method()) end
          local request = { url = url, headers = headers, timeout = 5000 }
          -- A path of the request's own host: asked here, whatever its name leads to elsewhere.
          if string.sub(url, 1, 1) == "/" then
            request.url = "http://here" .. url
            request.dst = txn:get_var("txn.ask_socket")
            headers["host"] = { host }
          end
          questions = questions + 1
          local done, answer = pcall(ask, client, method, request)
          questions = questions - 1
          if not done then answer = nil end

          local given = {}
          each(cookies ~= "" and answer and answer.headers, function(name) return name == "set-cookie" end, function(_, value) given[#given + 1] = value end)

          local status = answer and answer.status or 0
          if status >= 200 and status < 300 then
            local wanted = matcher(passes, about)
            unsay(http, passes, wanted)
            local seen = {}
            each(answer.headers, wanted, function(name, value)
              if seen[name] then http:req_add_header(name, value) else http:req_set_header(name, value) end
              seen[name] = true
            end)
            if #given > 0 then txn:set_var("txn.given_cookies", table.concat(given, "\n")) end
            txn:set_var("txn.passed", "yes")
            return
          end

          local reply
          if status == 401 and signin ~= "" then
            reply = txn:reply({ status = 302 })
            reply:add_header("location", fill(signin))
          else
            if status < 300 or status > 499 then status = 503 end
            reply = txn:reply({ status = status })
          end
          if reply.status == 302 or cookies == "a" then
            for _, cookie in ipairs(given) do reply:add_header("set-cookie", cookie) end
          end
          local told = matcher(tells)
          each(answer and answer.headers, function(name)
            if name == "location" then return reply.status ~= 302 or signin == "" end
            return name == "www-authenticate" or told(name)
          end, function(name, value) reply:add_header(name, value) end)
          txn:done(reply)
        end)

        """;
}
