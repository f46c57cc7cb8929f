namespace MultiCluster.Cluster.Transport.Http2.Codec;

internal static class NodeCodec
{
    /// <returns>False: not a message that travels.</returns>
    public static bool EncodeInto(Wire.Frame frame, INodeMessage message, ref PayloadCoder coder)
    {
        switch (message)
        {
            case NodeQuestion(var number, var question):
                frame.NodeQuestion = new Wire.NodeQuestion { Number = number, Letter = LetterCodec.Encode(question, ref coder) };
                return true;
            case NodeAnswer(var number, var answer):
                frame.NodeAnswer = new Wire.NodeAnswer { Number = number, Letter = LetterCodec.Encode(answer, ref coder) };
                return true;
            default:
                return false;
        }
    }

    /// <returns>Null: something else.</returns>
    public static INodeMessage? Decode(Wire.Frame frame, ref PayloadCoder coder) => frame.MessageCase switch
    {
        Wire.Frame.MessageOneofCase.NodeQuestion => new NodeQuestion(frame.NodeQuestion.Number, LetterCodec.Decode(frame.NodeQuestion.Letter, ref coder)),
        Wire.Frame.MessageOneofCase.NodeAnswer => new NodeAnswer(frame.NodeAnswer.Number, LetterCodec.Decode(frame.NodeAnswer.Letter, ref coder)),
        _ => null,
    };
}
