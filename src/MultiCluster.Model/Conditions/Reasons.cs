namespace MultiCluster.Model.Conditions;

/// <summary>Reasons of conditions: part of the interface, since users alert on them.</summary>
public static class Reasons
{
    public const string Accepted = "Accepted";
    public const string ResolvedRefs = "ResolvedRefs";
    public const string InvalidObject = "InvalidObject";
    public const string InvalidHost = "InvalidHost";
    public const string InvalidPath = "InvalidPath";
    public const string InvalidPathType = "InvalidPathType";
    public const string DuplicatePath = "DuplicatePath";
    public const string InvalidBackend = "InvalidBackend";
    public const string UnsupportedBackend = "UnsupportedBackend";
    public const string ClassNotFound = "ClassNotFound";
    public const string ClassConflict = "ClassConflict";
    public const string NotOurClass = "NotOurClass";

    /// <summary>The parameters that the IngressClass names are not there, or can't be read.</summary>
    public const string ParametersNotFound = "ParametersNotFound";
    public const string ServiceNotFound = "ServiceNotFound";
    public const string ServicePortNotFound = "ServicePortNotFound";
    public const string SecretNotFound = "SecretNotFound";

    /// <summary>A Secret of another namespace, which grants nothing. As the Gateway API has it.</summary>
    public const string RefNotPermitted = "RefNotPermitted";
    public const string InvalidCertificate = "InvalidCertificate";
    public const string CertificateKeyMismatch = "CertificateKeyMismatch";
    public const string CertificateExpired = "CertificateExpired";
    public const string CertificateNotYetValid = "CertificateNotYetValid";

    /// <summary>Of Events: an authority gave none, or its Secret can't be written.</summary>
    public const string CertificateNotIssued = "CertificateNotIssued";
    public const string CertificateIssued = "CertificateIssued";
    public const string InvalidEndpoint = "InvalidEndpoint";

    /// <summary>A bug of ours: what was decided before stays.</summary>
    public const string InternalError = "InternalError";
    public const string Flapping = "Flapping";
    public const string PathConflict = "PathConflict";
    public const string TlsConflict = "TLSConflict";
    public const string DefaultBackendConflict = "DefaultBackendConflict";
    public const string AnnotationConflict = "AnnotationConflict";

    /// <summary>An annotation of an ingress controller has no effect here.</summary>
    public const string UnsupportedAnnotation = "UnsupportedAnnotation";
    public const string PortConflict = "PortConflict";
    public const string NoConflict = "NoConflicts";
    public const string InvalidPolicy = "InvalidPolicy";
    public const string UnknownCluster = "UnknownCluster";
    public const string NoWeight = "NoWeight";
    public const string NotOptedIn = "NotOptedIn";
    public const string NotPlaced = "NotPlaced";
    public const string OverriddenByFederatedIngress = "FederatedIngress";
    public const string Unreachable = "Unreachable";
    public const string MassShrink = "MassShrink";
    public const string Expired = "Expired";
    public const string UpToDate = "UpToDate";
    public const string IngressNotFound = "IngressNotFound";
    public const string Programmed = "Programmed";
    public const string Pending = "Pending";
    public const string Refused = "Refused";
    public const string NotAccepted = "NotAccepted";
    public const string NoProxy = "NoProxy";
}
