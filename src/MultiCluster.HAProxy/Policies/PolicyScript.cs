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

    /// <summary>First letter of a line that changes a header.</summary>
    public const char Set = 's';

    public const char Add = 'a';

    public const char Delete = 'd';

    public const string Text = """
        -- Written by MultiCluster; changes made by hand are lost.

        -- Lines of a letter, a name, ':' and a value, each applied in turn.
        local function change(lines, set, add, del)
          for letter, name, value in string.gmatch(lines or "", "(%l)([^:\n]+):([^\n]*)\n") do
            if letter == "s" then
              set(name, value)
            elseif letter == "a" then
              add(name, value)
            elseif letter == "d" then
              del(name)
            end
          end
        end

        core.register_action("policy_request_headers", { "http-req" }, function(txn)
          local http = txn.http
          change(txn:get_var("txn.changes"),
            function(name, value) http:req_set_header(name, value) end,
            function(name, value) http:req_add_header(name, value) end,
            function(name) http:req_del_header(name) end)
        end)

        core.register_action("policy_response_headers", { "http-res" }, function(txn)
          local http = txn.http
          change(txn:get_var("txn.dress"),
            function(name, value) http:res_set_header(name, value) end,
            function(name, value) http:res_add_header(name, value) end,
            function(name) http:res_del_header(name) end)
        end)

        core.register_action("policy_refuse", { "http-req" }, function(txn)
          local reply = txn:reply({ status = tonumber(txn:get_var("txn.status")) or 429 })
          reply:add_header("content-type", "text/plain")
          reply:add_header("retry-after", txn:get_var("txn.after") or "1")
          reply:set_body("too many requests\n")
          txn:done(reply)
        end)

        """;
}
