namespace MultiCluster.Kubernetes.Decoding;

/// <summary>metav1.Status.</summary>
internal static class StatusDecoder
{
    public static ApiStatus? Read(ref FieldReader reader)
    {
        string? kind = null, reason = null, message = null;
        int code = 0;
        int? retryAfter = null;
        if (!reader.EnterObject())
            return null;
        while (reader.NextField())
        {
            if (reader.Is("kind"u8))
                kind = reader.SharedText();
            else if (reader.Is("reason"u8))
                reason = reader.SharedText();
            else if (reader.Is("message"u8))
                message = reader.Text();
            else if (reader.Is("code"u8))
                code = (int)Math.Clamp(reader.Integer() ?? 0, 0, 999);
            else if (reader.Is("details"u8))
                retryAfter = ReadRetryAfter(ref reader);
            else
                reader.Skip();
        }

        return string.Equals(kind, "Status", StringComparison.Ordinal)
            ? new ApiStatus(code, reason ?? "", message ?? "", retryAfter)
            : null;
    }

    private static int? ReadRetryAfter(ref FieldReader reader)
    {
        int? seconds = null;
        if (!reader.EnterObject())
            return null;
        while (reader.NextField())
        {
            if (reader.Is("retryAfterSeconds"u8))
                seconds = (int?)Math.Clamp(reader.Integer() ?? 0, 0, 3600);
            else
                reader.Skip();
        }

        return seconds;
    }
}
